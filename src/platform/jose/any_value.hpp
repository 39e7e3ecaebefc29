// AnyValue: a handler of Boost.JSON's event parser that takes everything; others look at what they want.
#pragma once
#include <boost/json/basic_parser_impl.hpp>

#include <cstdint>
#include <string_view>

namespace propusk::platform {

/// Takes any JSON; knows whether the outermost value is an object, and how deep it is in.
struct AnyValue {
  using Error = boost::json::error_code;
  static constexpr std::size_t no_limit = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = no_limit, max_array_size = no_limit;
  static constexpr std::size_t max_key_size = no_limit, max_string_size = no_limit;

  int depth = 0;
  bool is_object = false;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) {
    if (depth++ == 0) is_object = true;
    return true;
  }
  bool on_object_end(std::size_t, Error& error) { return on_array_end(0, error); }
  bool on_array_begin(Error&) {
    ++depth;
    return true;
  }
  bool on_array_end(std::size_t, Error&) {
    --depth;
    return true;
  }
  bool on_key_part(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_key(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_string_part(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_string(boost::json::string_view, std::size_t, Error&) { return true; }
  bool on_number_part(boost::json::string_view, Error&) { return true; }
  bool on_int64(std::int64_t, boost::json::string_view, Error&) { return true; }
  bool on_uint64(std::uint64_t, boost::json::string_view, Error&) { return true; }
  bool on_double(double, boost::json::string_view, Error&) { return true; }
  bool on_bool(bool, Error&) { return true; }
  bool on_null(Error&) { return true; }
  bool on_comment_part(boost::json::string_view, Error&) { return true; }
  bool on_comment(boost::json::string_view, Error&) { return true; }
};

/// Whether all of `text` is one JSON object.
template <class Handler>
bool reads_object(boost::json::basic_parser<Handler>& parser, std::string_view text) {
  AnyValue::Error error;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
  return !error && taken == text.size() && parser.handler().is_object;
}

}  // namespace propusk::platform
