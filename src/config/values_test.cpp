// Where a URL may hide a password, and that it is not shown from there.
#include "config/values.hpp"

#include <gmock/gmock.h>

namespace propusk::config {
namespace {
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ConfigUrl, APasswordIsFoundWhereverLibpqTakesOne) {
  for (const char* url : {"postgresql://u:s3cret@db/x", "postgresql://db/x?password=s3cret",
                          "postgresql://u@db/x?sslmode=require&password=s3cret", "postgresql://db/x?password=s3c@ret",
                          "postgresql://u@db/x?sslpassword=s3cret", "smtp://a@b,smtp://u:s3cret@c"})
    EXPECT_TRUE(holds_password(url)) << url;
  for (const char* url :
       {"postgresql://u@db/x", "postgresql:///x?host=/run/postgresql", "smtp://robot@mail.example.org"})
    EXPECT_FALSE(holds_password(url)) << url;
}

TEST(ConfigUrl, APasswordIsNotShownWhereverItStands) {
  for (const char* url : {"postgresql://u:s3cret@db/x", "postgresql://u:p?s3cret@db/x", "postgresql://u:p@s3cret@db/x",
                          "postgresql://db/x?password=s3cret", "postgresql://db/x?password=p@s3cret",
                          "postgresql://u@db/x?password=p@s3cret", "host=db password=s3cret"})
    EXPECT_THAT(redacted_url(url), Not(HasSubstr("s3cret"))) << url;
  EXPECT_EQ(redacted_url("postgresql://u:p@db:5432/x"), "postgresql://***@db:5432/x");
  EXPECT_EQ(redacted_url("postgresql://db/x?sslmode=require"), "postgresql://db/x?***");
  EXPECT_EQ(redacted_url("postgresql://db/x"), "postgresql://db/x");
}

}  // namespace
}  // namespace propusk::config
