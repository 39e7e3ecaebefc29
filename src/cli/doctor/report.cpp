// Plain lines: severity, subject, what is wrong and what to do.
#include "cli/doctor/report.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/rendering.hpp"

namespace propusk::cli::doctor {
namespace {
namespace json = boost::json;

std::string_view word_of(Severity severity) {
  switch (severity) {
    case Severity::ok: return "ok";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
  }
  return "";
}

void print(const Told& told, std::ostream& out) {
  const auto& [severity, what, fix] = told.finding;
  fmt::print(out, "{:<7}  {:<13}  {}\n", word_of(severity), told.subject,
             printable(fix.empty() ? what : what + ": " + fix));
}

json::array as_array(const std::vector<Told>& all) {
  json::array out;
  for (const auto& [subject, finding] : all)
    out.push_back(json::object{
        {"severity", word_of(finding.severity)}, {"subject", subject}, {"what", finding.what}, {"fix", finding.fix}});
  return out;
}
}  // namespace

ExitCode report(const std::vector<Told>& all, bool as_json, std::ostream& out) {
  if (as_json)
    out << json::serialize(as_array(all)) << '\n';
  else
    for (const Told& told : all) print(told, out);
  const bool is_well = std::ranges::all_of(all, [](const Told& told) { return told.finding.severity == Severity::ok; });
  return is_well ? done : refused;
}

}  // namespace propusk::cli::doctor
