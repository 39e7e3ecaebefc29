// A subclass of Beast's basic_parser that keeps views only: nothing is copied but the body (STACK.md §1, v5).
#include "http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>

#include "http/ascii.hpp"

namespace propusk::http {

namespace {
namespace beast = boost::beast;
using Error = boost::system::error_code;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

class Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(Request& request) : request_(request) {
    eager(true);
    header_limit(std::numeric_limits<std::uint32_t>::max());  // the block's size was bounded before it was buffered
    body_limit(std::numeric_limits<std::uint64_t>::max());    // the route's limit comes with the first body byte
  }
  void take_body_into(std::string& body) { body_ = &body; }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int, Error&) override {
    request_.method_text = view(method);
    request_.method = method_of(request_.method_text);
    request_.target = view(target);
  }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, Error&) override {
    if (!is_header_done()) request_.headers.push_back({view(name), view(value)});  // later ones are trailers
  }
  std::size_t on_body_impl(beast::string_view part, Error&) override {
    body_->append(part.data(), part.size());
    return part.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, Error& error) override {
    return on_body_impl(part, error);
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view extension, Error& error) override {
    const auto is_control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; };
    if (extension.size() > chunk_extension_limit || std::ranges::any_of(extension, is_control)) {
      error = beast::http::error::bad_chunk_extension;
    }
  }
  void on_response_impl(int, beast::string_view, int, Error&) override {}
  void on_header_impl(Error&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Error&) override {}
  void on_finish_impl(Error&) override {}

  Request& request_;
  std::string* body_ = nullptr;
};
}  // namespace

class RequestParser::Reader {
 public:
  std::optional<Parser> parser;  // Beast's parsers read one message each
  bool has_body_limit = false;
};

RequestParser::RequestParser() : reader_(std::make_unique<Reader>()) {}
RequestParser::~RequestParser() = default;

bool RequestParser::start(std::string_view block, Request& request) {
  request.headers.clear();
  reader_->parser.emplace(request);
  reader_->has_body_limit = false;
  Error error;
  const std::size_t taken = reader_->parser->put({block.data(), block.size()}, error);
  return !error && taken == block.size() && reader_->parser->is_header_done() &&
         split_target(request.target, request.path, request.query);
}

bool RequestParser::is_done() const { return reader_->parser->is_done(); }

std::expected<std::size_t, int> RequestParser::feed(std::string_view bytes, std::size_t limit, std::string& body) {
  Parser& parser = *reader_->parser;
  if (!reader_->has_body_limit) {
    reader_->has_body_limit = true;
    if (parser.content_length().value_or(0) > limit) return std::unexpected(413);
    parser.body_limit(limit);
    parser.take_body_into(body);
  }
  // Beast asserts on fewer: the shortest rest of a chunked body is "0\r\n\r\n".
  constexpr std::size_t shortest_chunked_rest = 5;
  if (bytes.empty() || (parser.chunked() && bytes.size() < shortest_chunked_rest)) return 0;

  Error error;
  const std::size_t taken = parser.put({bytes.data(), bytes.size()}, error);
  if (error == beast::http::error::body_limit) return std::unexpected(413);
  if (error && error != beast::http::error::need_more) return std::unexpected(400);
  return taken;
}

bool split_target(std::string_view target, std::string_view& path, std::string_view& query) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (target.size() <= scheme.size() || !same_text(target.substr(0, scheme.size()), scheme)) continue;
    const auto path_at = target.find_first_of("/?", scheme.size());
    target = path_at == std::string_view::npos ? std::string_view("/") : target.substr(path_at);
    if (target.starts_with('?')) {  // "http://host?query" asks for the root
      path = "/";
      query = target.substr(1);
      return true;
    }
    break;
  }
  if (target != "*" && !target.starts_with('/')) return false;
  query = target;
  path = take_until(query, '?');
  return true;
}

}  // namespace propusk::http
