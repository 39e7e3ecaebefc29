// Header lines are appended as bytes; a line that could split the answer never leaves this file.
#include "http/reply.hpp"

#include <charconv>

#include "base/bug.hpp"

namespace propusk::http {

namespace {
bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}
}  // namespace

Reply& Reply::header(std::string_view name, std::string_view value) {
  require(is_one_line(name) && is_one_line(value), "a header line holds no CR, LF or NUL");
  lines_.append(name).append(": ").append(value).append("\r\n");
  return *this;
}

Reply& Reply::cookie(const SetCookie& cookie, Instant now) {
  require(is_one_line(cookie.name) && is_one_line(cookie.value) && cookie.value.find(';') == std::string_view::npos &&
              is_one_line(cookie.domain),
          "a cookie holds no CR, LF, NUL or semicolon");
  lines_.append("Set-Cookie: ").append(cookie.name).append("=").append(cookie.value);
  if (!cookie.domain.empty()) lines_.append("; Domain=").append(cookie.domain);
  if (cookie.max_age) {
    const bool is_removal = cookie.max_age->count() == 0;
    const auto expires = http_date_text(is_removal ? Instant{} : now + *cookie.max_age);
    lines_.append("; expires=").append(expires.data(), expires.size());
  }
  if (cookie.http_only) lines_.append("; HttpOnly");
  if (cookie.max_age) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, cookie.max_age->count()).ptr;
    lines_.append("; Max-Age=").append(digits, end);
  }
  lines_.append("; Path=/; SameSite=Lax");
  if (cookie.secure) lines_.append("; Secure");
  lines_.append("\r\n");
  return *this;
}

void Reply::clear() {
  status = 200;
  lines_.clear();
  body_.clear();
  closes_ = false;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

}  // namespace propusk::http
