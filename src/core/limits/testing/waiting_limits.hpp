// WaitingLimits: Limits whose answers a test waits for in place.
#pragma once
#include "base/testing/run_task.hpp"
#include "core/limits/limits.hpp"

namespace propusk::core {

class WaitingLimits : public Limits {
 public:
  using Limits::Limits;
  Result<AttemptPlace> begin_sign_in(const SignInSubject& subject, const ClientAddress& address) {
    return testing::run(Limits::begin_sign_in(subject, address, soon()));
  }
  Result<void> begin_registration(const ClientAddress& address) {
    return testing::run(Limits::begin_registration(address, soon()));
  }
  Result<void> begin_change(AccountId account) { return testing::run(Limits::begin_change(account, soon())); }
  Result<void> begin_refresh(const Digest& credential) {
    return testing::run(Limits::begin_refresh(credential, soon()));
  }

 private:
  static Deadline soon() { return Deadline::max(); }  // nothing is waited for without shared buckets
};

}  // namespace propusk::core
