// The clients are those of the recording; what they get, they get by asking.
#include "tests/transcripts/oauth_givens.hpp"

#include <regex>
#include <stdexcept>
#include <utility>

namespace propusk::testing {
namespace {
using core::ClientGrant;

core::NewClient client(std::string id, core::ClientKind kind, std::vector<ClientGrant> grants) {
  core::NewClient wanted;
  wanted.id = std::move(id);
  wanted.name = wanted.id;
  wanted.kind = kind;
  wanted.grants = std::move(grants);
  wanted.scopes = {"read", "write"};
  return wanted;
}

std::string member(const Answer& answer, const std::string& name) {
  std::smatch found;
  if (!std::regex_search(answer.body, found, std::regex('"' + name + "\":\"([^\"]+)\"")))
    throw std::runtime_error("no " + name + " in " + std::to_string(answer.status) + " " + answer.body);
  return found[1];
}
}  // namespace

OauthGivens::OauthGivens(TestServer& server, Bindings& bindings) : server_(server), bindings_(bindings) {
  constexpr auto confidential = core::ClientKind::confidential;
  server_.create_client(client("cid-conf", confidential,
                               {ClientGrant::convert_token, ClientGrant::password, ClientGrant::refresh_token}));
  server_.create_client(client("cid-cc", confidential, {ClientGrant::client_credentials}));
  core::NewClient open = client("cid-pub", core::ClientKind::open, {ClientGrant::authorization_code});
  core::NewClient code = client("cid-ac", confidential, {ClientGrant::authorization_code});
  open.redirect_uris = code.redirect_uris = {"http://127.0.0.1:3000/cb"};
  server_.create_client(std::move(open));
  server_.create_client(std::move(code));
}

bool OauthGivens::make(const std::string& given) {
  std::smatch words;
  const auto says = [&](const char* form) { return std::regex_match(given, words, std::regex(form)); };
  if (says("converted \\{\\{(\\w+)\\}\\} and \\{\\{(\\w+)\\}\\} of (\\S+) (\\S+)")) {
    get_tokens("/auth/convert-token/", {{"grant_type", "convert_token"}, {"backend", words[3]}, {"token", words[4]}},
               words[1], words[2]);
  } else if (says("tokens \\{\\{(\\w+)\\}\\} and \\{\\{(\\w+)\\}\\} of (\\S+) (\\S+)")) {
    get_tokens("/auth/token/", {{"grant_type", "password"}, {"username", words[3]}, {"password", words[4]}}, words[1],
               words[2]);
  } else if (says("then POST (/\\S+) bearing (\\{\\{\\w+\\}\\}): (.+)")) {
    const Answer answer =
        ask(server_.port(), "POST", words[1].str(),
            {{"Authorization", "Bearer " + bindings_.fill(words[2])}, {"Content-Type", "application/json"}},
            words[3].str());
    if (answer.status / 100 != 2) throw std::runtime_error("a given failed: " + given + ": " + answer.body);
  } else {
    return false;
  }
  return true;
}

void OauthGivens::get_tokens(const std::string& path, Fields fields, const std::string& access,
                             const std::string& refresh) {
  fields.emplace_back("client_id", "cid-conf");
  fields.emplace_back("client_secret", client_secret);
  const Answer pair = post_form(server_.port(), path, fields);
  bindings_.values[access] = member(pair, "access_token");
  bindings_.values[refresh] = member(pair, "refresh_token");
}

}  // namespace propusk::testing
