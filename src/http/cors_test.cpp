// CORS: exact origins, preflights, and never with cookies.
#include "http/cors.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

CorsRules rules() { return {{"https://app.example.org", "http://localhost:3000"}}; }

Request from(std::string_view origin, Method method = Method::get) {
  Request request;
  request.method = method;
  request.headers = {{"Origin", origin}};
  return request;
}

std::string lines_for(const CorsRules& given, const Request& request) {
  Reply reply;
  append_cors(given, request, reply);
  return reply.lines();
}

TEST(Cors, AListedOriginMayReadTheAnswer) {
  const std::string lines = lines_for(rules(), from("https://app.example.org"));
  EXPECT_TRUE(lines.contains("Access-Control-Allow-Origin: https://app.example.org\r\n"));
}

TEST(Cors, CookiesAreNeverAllowed) {
  EXPECT_FALSE(lines_for(rules(), from("https://app.example.org")).contains("Credentials"));
  Reply reply;
  Request preflight = from("https://app.example.org", Method::options);
  preflight.headers.push_back({"Access-Control-Request-Method", "POST"});
  ASSERT_TRUE(answer_preflight(rules(), preflight, "POST, OPTIONS", reply));
  EXPECT_FALSE(reply.lines().contains("Credentials"));
}

TEST(Cors, NothingButTheExactOriginIsAllowed) {
  for (const char* other :
       {"https://app.example.org.evil.example", "http://app.example.org", "https://app.example.org:8443", "null", "",
        "https://APP.example.org", "https://app.example.org/", "https://evil.example", "*"})
    EXPECT_EQ(lines_for(rules(), from(other)), "") << other;
  EXPECT_EQ(lines_for(rules(), Request{}), "");
}

TEST(Cors, IsOffByDefault) { EXPECT_EQ(lines_for({}, from("https://app.example.org")), ""); }

TEST(Cors, APreflightTellsMethodsAndHeaders) {
  Reply reply;
  Request request = from("http://localhost:3000", Method::options);
  request.headers.push_back({"Access-Control-Request-Method", "DELETE"});
  request.headers.push_back({"Access-Control-Request-Headers", "authorization,content-type"});
  ASSERT_TRUE(answer_preflight(rules(), request, "GET, DELETE, OPTIONS", reply));
  EXPECT_EQ(reply.status, 204);
  EXPECT_TRUE(reply.lines().contains("Access-Control-Allow-Origin: http://localhost:3000\r\n"));
  EXPECT_TRUE(reply.lines().contains("Access-Control-Allow-Methods: GET, DELETE, OPTIONS\r\n"));
  EXPECT_TRUE(reply.lines().contains("authorization"));
  EXPECT_TRUE(reply.lines().contains("Vary: Origin"));
}

TEST(Cors, OtherRequestsAreNoPreflights) {
  Reply reply;
  EXPECT_FALSE(answer_preflight(rules(), from("https://app.example.org", Method::options), "GET", reply));
  Request foreign = from("https://evil.example", Method::options);
  foreign.headers.push_back({"Access-Control-Request-Method", "POST"});
  EXPECT_FALSE(answer_preflight(rules(), foreign, "GET", reply));
  Request get = from("https://app.example.org");
  get.headers.push_back({"Access-Control-Request-Method", "POST"});
  EXPECT_FALSE(answer_preflight(rules(), get, "GET", reply));
  EXPECT_EQ(reply.lines(), "");
}

}  // namespace
}  // namespace propusk::http
