// HttpsTransfer: one request of libcurl's with everything bounded and nothing followed.
#pragma once
#include <curl/curl.h>

#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "platform/curl_multi.hpp"
#include "platform/outbound/connect_queue.hpp"
#include "platform/outbound/special_addresses.hpp"
#include "providers/fetch.hpp"

namespace propusk::platform {

/// Whether the headers of a request are one line each.
bool is_sendable(const providers::FetchRequest& request);

/// An https URL, taken apart by libcurl itself: what is checked is what is asked.
struct HttpsUrl {
  struct CleanUp {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
  };
  std::unique_ptr<CURLU, CleanUp> handle;
  std::string host_port;  ///< `host:port`, in lower case
  /// Nothing for another scheme, a user, a fragment, or what is no URL. Throws Outage without memory.
  static std::optional<HttpsUrl> parse(const std::string& text);
};

struct TransferRules {
  const AddressFilter& filter;
  std::string ca_file;  ///< PEM; "": the system's
};

class HttpsTransfer {
 public:
  /// `rules`, `url` and `request` outlive it. Throws Outage without memory.
  HttpsTransfer(CurlMulti& multi, const TransferRules& rules, const HttpsUrl& url,
                const providers::FetchRequest& request);
  ~HttpsTransfer();
  HttpsTransfer(const HttpsTransfer&) = delete;
  HttpsTransfer& operator=(const HttpsTransfer&) = delete;

  /// The turn ends when the request leaves, or with the transfer.
  Task<std::expected<providers::Fetched, providers::FetchFailure>> perform(Deadline deadline, ConnectQueue::Turn turn);
  /// Why it failed, for operators: printable, short, without anything that the request said.
  [[nodiscard]] std::string reason(const std::expected<providers::Fetched, providers::FetchFailure>& outcome) const;

 private:
  struct Wiping {
    void operator()(curl_slist* list) const;
  };
  void bound();
  void ask(const providers::FetchRequest& request);
  std::expected<providers::Fetched, providers::FetchFailure> judge(CURLcode code);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int before_request(void* self, char* remote, char* local, int remote_port, int local_port);
  static std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* self);

  const TransferRules& rules_;
  CurlTransfer transfer_;
  std::unique_ptr<curl_slist, Wiping> headers_;
  std::optional<ConnectQueue::Turn> turn_;
  std::string body_, forbidden_;
  std::size_t header_bytes_ = 0;
  bool is_too_large_ = false, is_post_ = false;
  bool has_left_ = false;  ///< the request, once at least
};

}  // namespace propusk::platform
