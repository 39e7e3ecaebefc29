// Reads JWTs as a client may: what stands in them, not whether it is true.
#pragma once
#include <boost/json.hpp>
#include <stdexcept>
#include <string>

#include "base/encoding.hpp"

namespace propusk::testing {

/// A part of a compact JWS as text: 0 the header, 1 the claims, 2 the bytes of the signature.
inline std::string part_of(const std::string& jwt, int part) {
  std::size_t begin = 0;
  for (; part > 0; --part) begin = jwt.find('.', begin) + 1;
  const auto bytes = from_base64url(std::string_view(jwt).substr(begin, jwt.find('.', begin) - begin));
  if (!bytes) throw std::runtime_error("no JWT: " + jwt);
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

inline std::string text_in(const std::string& json, const std::string& name) {
  const boost::json::value found = boost::json::parse(json).at(name);
  return found.is_string() ? std::string(found.as_string()) : boost::json::serialize(found);
}
/// A claim as text: `12` as "12".
inline std::string claim(const std::string& jwt, const std::string& name) { return text_in(part_of(jwt, 1), name); }
/// A member of the header.
inline std::string header_of(const std::string& jwt, const std::string& name) { return text_in(part_of(jwt, 0), name); }

}  // namespace propusk::testing
