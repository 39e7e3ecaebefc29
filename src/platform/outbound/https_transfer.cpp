// libcurl decides nothing here that could be decided by a stranger: no redirect, no proxy, no cookie, no second scheme.
#include "platform/outbound/https_transfer.hpp"

#include <openssl/crypto.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/outage.hpp"
#include "platform/mail/plain_text.hpp"

namespace propusk::platform {
namespace {
using Outcome = std::expected<providers::Fetched, providers::FetchFailure>;
constexpr std::size_t headers_limit = 32 * 1024;  // bytes of an answer's header block
constexpr std::size_t reason_limit = 200;         // bytes

[[noreturn]] void no_memory() { throw Outage("curl", "no memory"); }

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string out(text);
  curl_free(text);
  return out;
}

template <class List>
void append(List& list, const char* line) {
  curl_slist* longer = curl_slist_append(list.get(), line);
  if (!longer) no_memory();
  std::ignore = list.release();
  list.reset(longer);
}
}  // namespace

bool is_sendable(const providers::FetchRequest& request) {
  return std::ranges::all_of(request.headers, [](const auto& header) {
    return !header.first.empty() &&
           std::ranges::all_of(header.first, [](char c) { return c > ' ' && c <= '~' && c != ':'; }) &&
           header.second.reveal().find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
  });
}

std::optional<HttpsUrl> HttpsUrl::parse(const std::string& text) {
  HttpsUrl out;
  out.handle.reset(curl_url());
  if (!out.handle) no_memory();
  if (text.contains('#') || curl_url_set(out.handle.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  std::string host = part_of(out.handle.get(), CURLUPART_HOST);
  if (part_of(out.handle.get(), CURLUPART_SCHEME) != "https" || host.empty()) return std::nullopt;
  if (!part_of(out.handle.get(), CURLUPART_USER).empty()) return std::nullopt;
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  out.host_port = host + ":" + part_of(out.handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return out;
}

void HttpsTransfer::Wiping::operator()(curl_slist* list) const {
  for (curl_slist* at = list; at; at = at->next) OPENSSL_cleanse(at->data, std::strlen(at->data));
  curl_slist_free_all(list);
}

HttpsTransfer::HttpsTransfer(CurlMulti& multi, const TransferRules& rules, const HttpsUrl& url,
                             const providers::FetchRequest& request)
    : rules_(rules), transfer_(multi, "https") {
  curl_easy_setopt(transfer_.handle(), CURLOPT_CURLU, url.handle.get());
  bound();
  ask(request);
}
HttpsTransfer::~HttpsTransfer() = default;

void HttpsTransfer::bound() {
  CURL* easy = transfer_.handle();
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &HttpsTransfer::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &HttpsTransfer::before_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpsTransfer::take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpsTransfer::take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 4096L);  // bytes: answers are small, and each transfer has one of its own
  curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 30L);   // seconds idle: a provider's balancer forgets sooner or later
  if (rules_.ca_file.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, rules_.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // Debian's directory would be believed besides the file
}

void HttpsTransfer::ask(const providers::FetchRequest& request) {
  CURL* easy = transfer_.handle();
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "propusk");  // GitHub refuses requests without one
  for (const auto& [name, value] : request.headers) {
    std::string line = name + (value.reveal().empty() ? ";" : ": " + value.reveal());
    append(headers_, line.c_str());
    OPENSSL_cleanse(line.data(), line.size());
  }
  if (headers_) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  is_post_ = request.form.has_value();
  if (!is_post_) return;
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.form->reveal().size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.form->reveal().data());  // not copied: `request` outlives this
}

curl_socket_t HttpsTransfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<HttpsTransfer*>(self);
  if (!transfer.rules_.filter.lets_pass(address->addr)) {
    if (const auto found = address_in(address->addr)) transfer.forbidden_ = found->to_string();
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int HttpsTransfer::before_request(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<HttpsTransfer*>(self);
  transfer.turn_.reset();  // connected: the next one may
  // libcurl asks again when a connection that it kept turns out to be dying; a code must not be spent twice.
  const bool is_again = std::exchange(transfer.has_left_, true);
  return is_again && transfer.is_post_ ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

std::size_t HttpsTransfer::take_header(char*, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<HttpsTransfer*>(self);
  transfer.header_bytes_ += size * count;
  transfer.is_too_large_ = transfer.is_too_large_ || transfer.header_bytes_ > headers_limit;
  return transfer.is_too_large_ ? 0 : size * count;
}

std::size_t HttpsTransfer::take_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<HttpsTransfer*>(self);
  if (transfer.body_.size() + size * count > providers::fetch_limit) {
    transfer.is_too_large_ = true;
    return 0;
  }
  transfer.body_.append(bytes, size * count);
  return size * count;
}

Task<Outcome> HttpsTransfer::perform(Deadline deadline, ConnectQueue::Turn turn) {
  turn_.emplace(std::move(turn));
  const CURLcode code = co_await transfer_.perform(deadline);
  turn_.reset();
  co_return judge(code);
}

Outcome HttpsTransfer::judge(CURLcode code) {
  using enum providers::FetchFailure;
  if (code == CURLE_OPERATION_TIMEDOUT) return std::unexpected(timed_out);
  if (is_too_large_) return std::unexpected(too_large);
  if (!forbidden_.empty() && code != CURLE_OK) return std::unexpected(forbidden_address);
  if (code != CURLE_OK) return std::unexpected(unreachable);
  long status = 0;
  curl_easy_getinfo(transfer_.handle(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400) return std::unexpected(redirected);
  return providers::Fetched{.status = static_cast<int>(status), .body = std::move(body_)};
}

std::string HttpsTransfer::reason(const Outcome& outcome) const {
  using enum providers::FetchFailure;
  if (outcome) return "";
  if (outcome.error() == forbidden_address) return forbidden_;
  if (outcome.error() == unreachable) {
    const std::string words = plain_text(transfer_.failure());
    if (!words.empty()) return std::string(clipped(words, reason_limit));
  }
  return std::string(providers::fetch_failure_name(outcome.error()));
}

}  // namespace propusk::platform
