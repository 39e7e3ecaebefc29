// Rules of header and cookie lookup.
#include "http/request.hpp"

#include <gtest/gtest.h>

namespace propusk::http {
namespace {

TEST(Request, FindsTheFirstHeaderWhateverItsCase) {
  Request request;
  request.headers = {{"hOST", "a"}, {"X-One", "1"}, {"x-one", "2"}};

  EXPECT_EQ(request.header("x-ONE"), "1");
  EXPECT_EQ(request.host(), "a");
  EXPECT_EQ(request.header("X-On"), std::nullopt);
}

TEST(Request, TakesTheLastCookieOverAllCookieHeaders) {
  Request request;
  request.headers = {{"Cookie", "a=1; b=2; a=5"}, {"cookie", "b=3; c=4"}};

  EXPECT_EQ(request.cookie("a"), "5");
  EXPECT_EQ(request.cookie("b"), "3");
  EXPECT_EQ(request.cookie("c"), "4");
  EXPECT_EQ(request.cookie("B"), std::nullopt);
}

TEST(Request, StripsSpacesAndQuotesOfCookiesAsDjangoDoes) {
  Request request;
  request.headers = {{"Cookie", R"( x = "in quotes" ;y="half;z=a=b; ;w=; bare)"}};

  EXPECT_EQ(request.cookie("x"), "in quotes");
  EXPECT_EQ(request.cookie("y"), "\"half");
  EXPECT_EQ(request.cookie("z"), "a=b");
  EXPECT_EQ(request.cookie("w"), "");
  EXPECT_EQ(request.cookie("bare"), std::nullopt);
}

}  // namespace
}  // namespace propusk::http
