// Makes givens (tests/transcripts/README.md lists them), each by the shortest way that a person or an operator has.
#include "tests/transcripts/stage.hpp"

#include <regex>
#include <stdexcept>
#include <utility>

#include "http/http_date.hpp"

namespace propusk::testing {
namespace {
std::string date_after(long seconds) { return http::http_date(FakeClock().now() + std::chrono::seconds(seconds)); }

config::Settings settings_for(const Transcript& transcript, config::Settings settings, const FakePeople& people) {
  people.offer(settings);
  for (const std::string& given : transcript.givens)
    if (given.starts_with("secure")) settings.server.trusted_proxies.push_back(*Network::parse("127.0.0.1"));
  return settings;
}

constexpr const char* form_type = "application/x-www-form-urlencoded";
}  // namespace

Stage::Stage(const Transcript& transcript, std::string dialect, const config::Settings& settings)
    : dialect_(std::move(dialect)), server_(settings_for(transcript, settings, people_), people_) {
  bindings_.date_now = date_after(0);
  bindings_.date_after = date_after;
  bindings_.values["host"] = "127.0.0.1:" + std::to_string(server_.port());
  if (dialect_ == "oauth") oauth_.emplace(server_, bindings_);
  if (dialect_.starts_with("djoser") || oauth_) djoser_.emplace(server_, settings.djoser.profile, bindings_);
  for (const std::string& given : transcript.givens) make(given);
}

Answer Stage::play(const Message& request) {
  const std::size_t space = request.start.find(' ');
  const std::string method = request.start.substr(0, space);
  const std::string path = request.start.substr(space + 1, request.start.rfind(' ') - space - 1);
  Fields headers;
  for (const auto& [name, value] : request.headers) headers.emplace_back(name, filled(value));
  return ask(server_.port(), method, filled(path), headers, filled(request.body));
}

std::string Stage::filled(const std::string& text) const {
  std::string out = with_raw_bytes(bindings_.fill(text));
  if (out.contains("{{")) throw std::runtime_error("no given has bound a hole of " + out);
  return out;
}

Received Stage::letter_to(const std::string& address) {
  if (!djoser_) throw std::runtime_error("letters are compared in the djoser dialect only");
  return djoser_->next_letter(address);
}

void Stage::make(const std::string& given) {
  if (djoser_ && djoser_->make(given)) return;
  if (oauth_ && oauth_->make(given)) return;
  std::smatch words;
  const auto says = [&](const char* form) { return std::regex_match(given, words, std::regex(form)); };
  if (says("account (\\S+) (\\S+)( disabled)?")) {
    server_.create_account(words[1], words[2]);
    passwords_[words[1]] = words[2];
    if (words[3].matched) server_.disable_account(words[1]);
  } else if (says("account (\\S+) (\\S+) claims (\\S+)")) {
    register_claimant(words[1], words[2], words[3]);
  } else if (says("session \\{\\{(\\S+)\\}\\} of (\\S+)")) {
    bindings_.values[words[1]] = sign_in(words[2], "");
  } else if (says("then (\\S+) signs in with (\\{\\{\\S+\\}\\})")) {
    sign_in(words[1], bindings_.fill(words[2]));
  } else if (says("then (\\{\\{\\S+\\}\\}) edits (\\S+)")) {
    edit(bindings_.fill(words[1]), words[2]);
  } else if (says("then (\\{\\{\\S+\\}\\}) edits (\\S+) and gets \\{\\{(\\S+)\\}\\}")) {
    bindings_.values[words[3]] = edit(bindings_.fill(words[1]), words[2]).cookie("sessionid").value();
  } else if (says("then link mailed to (\\S+) is followed")) {
    follow_link(words[1]);
  } else if (says("then password of (\\S+) is set to (\\S+)")) {
    server_.set_password(words[1], words[2]);
  } else if (says("then (\\S+) is disabled")) {
    server_.disable_account(words[1]);
  } else if (!given.starts_with("secure")) {
    throw std::runtime_error("unknown given: " + given);
  }
}

void Stage::register_claimant(const std::string& name, const std::string& password, const std::string& email) {
  const Answer answer =
      post_form(server_.port(), "/auth/register", {{"username", name}, {"password", password}, {"email", email}});
  if (!answer.body.contains("\"error\": 0")) throw std::runtime_error("registration of " + name + ": " + answer.body);
  passwords_[name] = password;
}

std::string Stage::sign_in(const std::string& name, const std::string& session) {
  const std::string token(32, 'a');
  const std::string cookies = "csrftoken=" + token + (session.empty() ? "" : "; sessionid=" + session);
  const Answer answer = post_form(
      server_.port(), dialect_ == "mobile" ? "/mobile/login/" : "/auth/login",
      {{"username", name}, {"password", passwords_.at(name)}, {"csrfmiddlewaretoken", token}}, {{"Cookie", cookies}});
  const auto key = answer.cookie("sessionid");
  if (!key) throw std::runtime_error("the given sign-in of " + name + " failed");
  return *key;
}

Answer Stage::edit(const std::string& session, const std::string& fields) {
  Answer answer = ask(server_.port(), "POST", "/auth/edit",
                      {{"Cookie", "sessionid=" + session}, {"Content-Type", form_type}}, fields);
  if (!answer.body.contains("\"error\": 0")) throw std::runtime_error("the given edit failed: " + answer.body);
  return answer;
}

void Stage::follow_link(const std::string& address) {
  const std::vector<std::string> links = Mailbox(server_.directory()).wait_for_links(address, "/auth/email/");
  const Answer answer = ask(server_.port(), "POST", links.front(), {{"Content-Type", form_type}});
  if (answer.status >= 400) throw std::runtime_error("the link mailed to " + address + " did nothing");
}

}  // namespace propusk::testing
