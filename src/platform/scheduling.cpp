// glibc 2.36 has neither sched_setattr() nor its structure: both are spelled out after sched_setattr(2).
#include "platform/scheduling.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace propusk::platform {
namespace {
struct ThreadAttributes {  // struct sched_attr, first version: 48 bytes
  std::uint32_t size = sizeof(ThreadAttributes), policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;
};
static_assert(sizeof(ThreadAttributes) == 48);

constexpr std::uint64_t short_slice_ns = 100'000;  // the kernel's lower bound
constexpr int background_nice = 10;

bool read_attributes(ThreadAttributes& out) { return syscall(SYS_sched_getattr, 0, &out, sizeof out, 0U) == 0; }
}  // namespace

bool ask_for_short_slice() {
  ThreadAttributes attributes;  // read first: what is not changed, as the nice value, must be handed back
  if (!read_attributes(attributes) || attributes.policy != SCHED_OTHER) return false;
  attributes.runtime = short_slice_ns;
  if (syscall(SYS_sched_setattr, 0, &attributes, 0U) != 0) return false;
  return read_attributes(attributes) && attributes.runtime == short_slice_ns;  // older kernels accept and forget it
}

void run_in_background() {
  // On Linux a nice value belongs to a thread. A refusal is impossible for a higher value and harmless if it happens.
  setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), background_nice);
}

void name_thread(const char* name) { prctl(PR_SET_NAME, name); }

}  // namespace propusk::platform
