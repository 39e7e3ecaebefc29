// Exchange: all that one request needs while it is in work, lent out per thread so that idle connections hold none.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "http/reply.hpp"
#include "http/request.hpp"
#include "http/request_parser.hpp"
#include "http/router.hpp"

namespace propusk::http {

struct Exchange {
  Request request;
  Reply reply;
  RequestParser parser;
  std::string body;                     ///< what request.body views
  std::string out;                      ///< answers not sent yet
  const MountedRoute* route = nullptr;  ///< nothing: the server answers by itself
};

/// The spare exchanges of one thread, with their buffers: a request in a steady stream allocates nothing.
class ExchangePool {
 public:
  std::unique_ptr<Exchange> take() {
    if (spare_.empty()) return std::make_unique<Exchange>();
    auto exchange = std::move(spare_.back());
    spare_.pop_back();
    return exchange;
  }
  void give_back(std::unique_ptr<Exchange> exchange) {
    exchange->out.clear();
    exchange->body.clear();
    const bool is_small =
        exchange->out.capacity() + exchange->body.capacity() + exchange->reply.body().capacity() <= kept_bytes;
    if (is_small && spare_.size() < kept) spare_.push_back(std::move(exchange));
  }

 private:
  static constexpr std::size_t kept = 64;                ///< requests that one thread has in work at once, usually
  static constexpr std::size_t kept_bytes = 256 * 1024;  ///< 64 of these are 16 MiB at worst
  std::vector<std::unique_ptr<Exchange>> spare_;
};

}  // namespace propusk::http
