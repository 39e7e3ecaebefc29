// Which row a request meets.
#include "http/router.hpp"

#include <gtest/gtest.h>

#include "base/bug.hpp"

namespace propusk::http {
namespace {

struct Nothing {};
Next send(Nothing&, const Request&, Reply&) { return Next::send; }

constexpr Route<Nothing> table[] = {
    {.method = Method::get, .path = "/a/", .plain = send},
    {.method = Method::post, .path = "/a/", .plain = send},
    {.method = Method::get, .path = "/users/{id}/", .plain = send},
    {.method = Method::get, .path = "/users/me/", .plain = send},
    {.method = Method::post, .path = "/b", .plain = send},
    {.method = std::nullopt, .path = "/b", .plain = send},
    {.method = Method::get, .path = "/{kind}/{id}", .plain = send},
};

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() { router.mount(table, nothing); }
  Router::Found find(Method method, std::string_view path) {
    request.method = method;
    request.path = path;
    return router.find(request);
  }
  long row(Method method, std::string_view path) {
    const auto found = find(method, path);
    return found.route ? static_cast<long>(found.route->index) : -1;
  }
  Nothing nothing;
  Router router;
  Request request;
};

TEST_F(RouterTest, FindsTheRowOfMethodAndPath) {
  EXPECT_EQ(row(Method::get, "/a/"), 0);
  EXPECT_EQ(row(Method::post, "/a/"), 1);
  EXPECT_EQ(row(Method::get, "/a"), -1);
  EXPECT_EQ(row(Method::get, "/A/"), -1);
}

TEST_F(RouterTest, LetsGetAnswerHead) { EXPECT_EQ(row(Method::head, "/a/"), 0); }

TEST_F(RouterTest, GivesUnnamedMethodsToTheRowWithoutMethod) {
  EXPECT_EQ(row(Method::post, "/b"), 4);
  EXPECT_EQ(row(Method::get, "/b"), 5);
  EXPECT_EQ(row(Method::options, "/b"), 5);
}

TEST_F(RouterTest, PrefersExactPathsToPatterns) {
  EXPECT_EQ(row(Method::get, "/users/me/"), 3);
  EXPECT_TRUE(request.path_parameters.empty());
  EXPECT_EQ(row(Method::get, "/users/7/"), 2);
  ASSERT_EQ(request.path_parameters.size(), 1U);
  EXPECT_EQ(request.path_parameters[0], std::make_pair(std::string_view("id"), std::string_view("7")));
}

TEST_F(RouterTest, WantsEverySegmentOfAPattern) {
  EXPECT_EQ(row(Method::get, "/users//"), -1);
  EXPECT_EQ(row(Method::get, "/users/7/8/"), -1);
  EXPECT_EQ(row(Method::get, "/users/"), -1);
  EXPECT_EQ(row(Method::get, "/x/y"), 6);
  EXPECT_EQ(request.path_parameters.size(), 2U);
}

TEST_F(RouterTest, SaysWhatAKnownPathAllows) {
  const auto known = find(Method::put, "/a/");
  EXPECT_EQ(known.route, nullptr);
  EXPECT_TRUE(known.path_known);
  EXPECT_EQ(known.allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_FALSE(find(Method::get, "/none").path_known);
}

TEST_F(RouterTest, TakesOneRowPerMethodAndPath) {
  static constexpr Route<Nothing> again[] = {{.method = Method::post, .path = "/a/", .plain = send}};
  static constexpr Route<Nothing> empty[] = {{.method = Method::get, .path = "/new"}};

  EXPECT_THROW(router.mount(again, nothing), Bug);
  EXPECT_THROW(router.mount(empty, nothing), Bug);
}

}  // namespace
}  // namespace propusk::http
