// How a client shows who it is, in the header or in the form.
#include "base/encoding.hpp"
#include "dialects/oauth/wire.hpp"
#include "http/ascii.hpp"
#include "http/form.hpp"

namespace propusk::oauth {
namespace {
/// RFC 6749 section 2.3.1: both halves are form-encoded inside.
std::string unquoted(std::string_view text) {
  if (!text.contains('%') && !text.contains('+')) return std::string(text);
  const auto form = http::parse_urlencoded("half=" + std::string(text));
  return form ? std::string(form->field("half").value_or("")) : "";
}
}  // namespace

BasicClient read_basic(const http::Request& request) {
  BasicClient client;
  const std::string_view header = http::trimmed(request.header("Authorization").value_or(""));
  const std::size_t space = header.find(' ');
  if (!http::same_text(header.substr(0, space), "Basic")) return client;
  client.is_shown = true;
  auto decoded = space == header.npos ? std::nullopt : from_base64(http::trimmed(header.substr(space)));
  if (!decoded) return client;
  const Secret bytes(std::move(*decoded));
  const std::string_view pair(reinterpret_cast<const char*>(bytes.reveal().data()), bytes.reveal().size());
  const std::size_t colon = pair.find(':');
  if (colon == pair.npos) return client;
  client.id = unquoted(pair.substr(0, colon));
  client.secret = Secret<>(unquoted(pair.substr(colon + 1)));
  return client;
}

core::ClientPresented client_of(BasicClient basic, std::string_view id, Secret<> secret) {
  if (!basic.is_shown) return {.id = std::string(id), .secret = std::move(secret)};
  if (!id.empty() && id != basic.id) return {.id = "", .secret = Secret<>("")};
  return {.id = std::move(basic.id), .secret = std::move(basic.secret)};
}

void send_invalid_client(const Visit& visit, const BasicClient& basic) {
  if (basic.is_shown) visit.reply.headers("WWW-Authenticate: Basic realm=\"oauth\"\r\n");
  send_error(visit, 401, "invalid_client");
}

}  // namespace propusk::oauth
