// The table of checks.
#include "cli/doctor/examine.hpp"

#include <array>
#include <csignal>

#include "base/outage.hpp"
#include "cli/doctor/checks.hpp"

namespace propusk::cli::doctor {
namespace {

struct Row {
  std::string_view subject;
  Findings (*check)(const Ward&);
};
constexpr std::array rows{
    Row{"configuration", configuration},
    Row{"listener", listener},
    Row{"certificate", certificate},
    Row{"directory", directory},
    Row{"store", store},
    Row{"keys", keys},
    Row{"mail", mail},
    Row{"providers", providers},
    Row{"cors", cross_origin},
    Row{"machine", machine},
};

/// Nothing that one check meets keeps the next from looking.
Findings findings_of(const Row& row, const Ward& ward) {
  try {
    return row.check(ward);
  } catch (const Outage& outage) {
    return {error(outage.what(), "put that right, then ask again")};
  }
}

stores::ExamineOptions examine_options(const Installation& in) {
  const auto& store = in.settings().store;
  if (store.is_server()) return {.file = {}, .url = store.url, .connections = store.connections};
  return {.file = store.file(in.data_directory), .url = {}};
}

}  // namespace

std::vector<Told> examine(const Installation& installation, const Clock& clock, Random& random) {
  std::signal(SIGPIPE, SIG_IGN);  // a mail server that hangs up is an error of send(), as in serve()
  const stores::Examination seen = stores::examine(examine_options(installation), clock);
  const Ward ward{.installation = installation, .store = seen, .clock = clock, .random = random};
  std::vector<Told> all;
  for (const Row& row : rows)
    for (Finding& finding : findings_of(row, ward)) all.push_back({row.subject, std::move(finding)});
  return all;
}

}  // namespace propusk::cli::doctor
