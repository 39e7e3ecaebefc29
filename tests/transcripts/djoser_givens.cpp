// People come through registration and the link in their letter, so that a case starts from what clients can reach.
#include "tests/transcripts/djoser_givens.hpp"

#include <algorithm>
#include <chrono>
#include <regex>
#include <stdexcept>

#include "core/links/link.hpp"

namespace propusk::testing {
namespace {
/// A JSON object of texts that need no escape.
std::string json(const Fields& members) {
  std::string out;
  for (const auto& [name, value] : members) out += (out.empty() ? "{\"" : ",\"") + name + "\":\"" + value + '"';
  return out + '}';
}

/// A text or number of a flat JSON object.
std::string member(const Answer& answer, const std::string& name) {
  std::smatch found;
  if (!std::regex_search(answer.body, found, std::regex('"' + name + "\": ?\"?([^\",}]+)")))
    throw std::runtime_error("no " + name + " in " + answer.body);
  return found[1];
}

/// The secret at the end of the first link of a letter that names the account: `…/UID/SECRET`.
std::string secret_in(const Received& letter, const std::string& uid) {
  std::smatch found;
  if (!std::regex_search(letter.text, found, std::regex('/' + uid + "/([A-Za-z0-9_-]{43})")))
    throw std::runtime_error("no link for " + uid + " in the letter " + letter.subject);
  return found[1];
}
}  // namespace

DjoserGivens::DjoserGivens(TestServer& server, config::DjoserProfile profile, Bindings& bindings)
    : server_(server), profile_(profile), bindings_(bindings), mailbox_(server.directory()) {}

bool DjoserGivens::make(const std::string& given) {
  std::smatch words;
  const auto says = [&](const char* form) { return std::regex_match(given, words, std::regex(form)); };
  if (says("(pending )?account (\\S+) (\\S+)( with (\\S+))?")) {
    sign_up(words[2], words[3], words[5]);
    if (!words[1].matched) activate(words[2]);
  } else if (says("id \\{\\{(\\w+)\\}\\} of (\\S+)")) {
    bindings_.values[words[1]] = people_.at(words[2]).id;
  } else if (says("uid \\{\\{(\\w+)\\}\\} of (\\S+)")) {
    bindings_.values[words[1]] = people_.at(words[2]).uid;
  } else if (says("token \\{\\{(\\w+)\\}\\} of (\\S+)")) {
    bindings_.values[words[1]] = member(sign_in("/auth/token/login/", words[2]), "auth_token");
  } else if (says("jwt \\{\\{(\\w+)\\}\\} and \\{\\{(\\w+)\\}\\} of (\\S+)")) {
    const Answer answer = sign_in("/auth/jwt/create/", words[3]);
    bindings_.values[words[1]] = member(answer, "access");
    bindings_.values[words[2]] = member(answer, "refresh");
  } else if (says("link \\{\\{(\\w+)\\}\\} mailed to (\\S+)")) {
    bindings_.values[words[1]] = secret_in(next_letter(words[2]), owner_of(words[2]).uid);
  } else if (says("then (\\d+) s pass(es)?")) {
    server_.clock().advance(std::chrono::seconds(std::stol(words[1])));
  } else if (says("then ([A-Z]+) (/\\S+)( as (\\{\\{\\w+\\}\\}))?(: (.+))?")) {
    request(words[1], words[2], bindings_.fill(words[4]), bindings_.fill(words[6]));
  } else {
    return false;
  }
  return true;
}

void DjoserGivens::sign_up(const std::string& name, const std::string& password, const std::string& email) {
  Person person;
  person.password = password;
  person.email = !email.empty() ? email : name.contains('@') ? name : name + "@example.test";
  Fields fields{{"email", person.email}, {"password", password}};
  if (profile_ == config::DjoserProfile::stock)
    fields.emplace_back("username", name);
  else
    fields.emplace_back("re_password", password);
  person.id = member(request("POST", "/auth/users/", "", json(fields)), "id");
  person.uid = core::uid_of(core::AccountId{std::stoll(person.id)});
  people_[name] = person;
}

void DjoserGivens::activate(const std::string& name) {
  if (profile_ == config::DjoserProfile::stock) return;
  const Person person = people_.at(name);
  const std::string secret = secret_in(next_letter(person.email), person.uid);
  request("POST", "/auth/users/activation/", "", json({{"uid", person.uid}, {"token", secret}}));
}

Answer DjoserGivens::sign_in(const std::string& path, const std::string& name) {
  const char* field = profile_ == config::DjoserProfile::email ? "email" : "username";
  return request("POST", path, "", json({{field, name}, {"password", people_.at(name).password}}));
}

Answer DjoserGivens::request(const std::string& method, const std::string& path, const std::string& token,
                             const std::string& body) {
  Fields headers;
  if (!token.empty()) headers.emplace_back("Authorization", "Token " + token);
  if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
  Answer answer = ask(server_.port(), method, path, headers, body);
  if (answer.status / 100 != 2)
    throw std::runtime_error("a given failed: " + method + ' ' + path + ' ' + body + ": " +
                             std::to_string(answer.status) + ' ' + answer.body);
  return answer;
}

DjoserGivens::Person& DjoserGivens::owner_of(const std::string& address) {
  const auto found = std::ranges::find_if(people_, [&](const auto& it) { return it.second.email == address; });
  if (found == people_.end()) throw std::runtime_error("no given has made an account of " + address);
  return found->second;
}

Received DjoserGivens::next_letter(const std::string& address) {
  Person& owner = owner_of(address);
  for (const Received& letter : mailbox_.wait_for(address, '/' + owner.uid + '/', owner.secrets.size() + 1))
    if (owner.secrets.insert(secret_in(letter, owner.uid)).second) return letter;
  throw std::runtime_error("no new letter to " + address);
}

}  // namespace propusk::testing
