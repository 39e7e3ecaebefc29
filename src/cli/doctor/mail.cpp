// Where letters go, tried as far as the sign-in to the mail server: no letter is sent.
#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <fstream>

#include "base/outage.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/file_access.hpp"
#include "platform/curl_multi.hpp"
#include "platform/mail/mail_templates.hpp"
#include "platform/mail/smtp_session.hpp"

namespace propusk::cli::doctor {
namespace {

/// Ten seconds for a connection, and as much again for a server that keeps strangers waiting before it greets them.
constexpr seconds patience{20};

struct Attempt {
  std::size_t route = 0;
  std::string peer;  ///< host:port
  std::optional<std::string> why;
};

Task<void> try_route(platform::CurlMulti& multi, const platform::SmtpSettings& settings, std::string name,
                     Deadline deadline, Attempt& attempt) {
  try {
    platform::SmtpSession session(multi, settings, settings.routes.at(attempt.route), name);
    attempt.peer = session.peer();
    attempt.why = co_await session.open(deadline);
  } catch (const Outage& outage) {
    attempt.why = outage.what();
  }
}

/// The session tells operators why, and in some cases also what to do.
Finding finding_of(const std::string& why) {
  for (const std::string_view advice : {"use smtps://", "check "})
    if (const auto at = why.rfind(": " + std::string(advice)); at != std::string::npos)
      return error("mail server " + why.substr(0, at), why.substr(at + 2));
  return error("mail server " + why, "see that it runs and answers this machine, and check mail.smtp_url");
}

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

void judge_password_file(const config::Settings::Mail& mail, uid_t user, Findings& findings) {
  const std::string& path = mail.smtp_password_file;
  if (path.empty()) return;
  constexpr const char* fix = "write the password into it, as its only line, for the user that runs propusk alone";
  if (const auto why = why_unreadable(path, user))
    findings.push_back(error("mail.smtp_password_file: " + *why, fix));
  else if (Secret<>(first_line(path)) == Secret<>())
    findings.push_back(error(fmt::format("mail.smtp_password_file: {} is empty", path), fix));
  else if (is_open_to_all(path))
    findings.push_back(error(fmt::format("mail.smtp_password_file: {} is open to every user of this machine", path),
                             "chmod o= " + path));
}

platform::SmtpSettings smtp_settings(const config::Settings::Mail& mail) {
  platform::SmtpSettings out{
      .routes = {},
      .password = mail.smtp_password_file.empty() ? Secret<>() : Secret<>(first_line(mail.smtp_password_file)),
      .requires_tls = mail.smtp_tls == config::MailTls::required,
      .ca_file = mail.smtp_ca_file,
      .answer_timeout = mail.smtp_timeout};
  if (!mail.smtp_url.empty()) out.routes.push_back({Secret<>(mail.smtp_url)});
  for (const std::string& url : mail.smtp_fallback_urls) out.routes.push_back({Secret<>(url)});
  return out;
}

void try_servers(const config::Settings& settings, const Clock& clock, Findings& findings) {
  const platform::SmtpSettings smtp = smtp_settings(settings.mail);
  boost::asio::io_context context{1};
  platform::CurlMulti multi(context);
  std::vector<Attempt> attempts(smtp.routes.size());
  const Deadline deadline = clock.monotonic() + patience;
  for (std::size_t i = 0; i < attempts.size(); ++i) attempts[i].route = i;
  for (Attempt& attempt : attempts)
    boost::asio::co_spawn(context, try_route(multi, smtp, host_of(origin_of(settings)), deadline, attempt),
                          [](const std::exception_ptr& thrown) {
                            if (thrown) std::rethrow_exception(thrown);
                          });
  context.run();
  for (const Attempt& attempt : attempts)
    findings.push_back(attempt.why ? finding_of(*attempt.why)
                                   : fine(fmt::format("mail server {} takes our connection", attempt.peer)));
}

/// Whether one of two names is the other or a part of it below: id.example.org and example.org.
bool are_related(const std::string& a, const std::string& b) {
  return a == b || a.ends_with("." + b) || b.ends_with("." + a);
}

void judge_sender(const config::Settings& settings, Findings& findings) {
  const std::string from = config::mail_from_of(settings, settings.server.listen.port);
  const std::string domain = from.substr(from.rfind('@') + 1), host = host_of(origin_of(settings));
  if (!serves_others(settings) || are_related(domain, host)) return;
  findings.push_back(
      warning(fmt::format("mail.from is {}, whose domain is not that of {}; receivers may take such mail "
                          "for a fraud",
                          from, host),
              "write a sender of the same domain, for which the mail server may send (SPF, DKIM)"));
}

void judge_smtp(const Ward& ward, Findings& findings) {
  const config::Settings& settings = ward.installation.settings();
  judge_password_file(settings.mail, server_user(ward.installation.data_directory), findings);
  judge_sender(settings, findings);
  if (settings.mail.smtp_url.empty() && settings.mail.smtp_fallback_urls.empty()) return;  // the configuration says so
  try_servers(settings, ward.clock, findings);
}

constexpr const char* send_it = R"(write mail.transport = "smtp", mail.smtp_url and mail.from)";

}  // namespace

Findings mail(const Ward& ward) {
  const config::Settings& settings = ward.installation.settings();
  Findings findings;
  if (!settings.mail.templates.empty()) {
    try {
      platform::MailTemplates{settings.mail.templates};
    } catch (const Outage& outage) {
      findings.push_back(
          error(std::string("mail.templates: ") + outage.what(), "correct that file, or leave mail.templates out"));
    }
  }
  const bool reaches_people = serves_others(settings);
  switch (settings.mail.transport) {
    case config::MailTransport::smtp: judge_smtp(ward, findings); break;
    case config::MailTransport::maildir: {
      const std::string where = (ward.installation.data_directory / "mail" / "new").string();
      findings.push_back(reaches_people ? warning("mail is kept in " + where + "; nobody gets a link", send_it)
                                        : fine("mail is kept in " + where + " and sent nowhere"));
      break;
    }
    case config::MailTransport::log:
      if (!reaches_people)
        findings.push_back(fine("mail is written to the log and sent nowhere"));
      else if (settings.server.listen.is_loopback())  // else the configuration says so
        findings.push_back(error("links that open accounts are written to the log", send_it));
      break;
  }
  return findings;
}

}  // namespace propusk::cli::doctor
