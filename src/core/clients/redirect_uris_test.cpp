// Where answers may be sent: what may be registered, and what an asked address must be equal to.
#include <gtest/gtest.h>

#include <string>

#include "core/clients/client.hpp"

namespace propusk::core {
namespace {

/// A client with these addresses, and what it finds for one that is asked.
struct Redirecting {
  Client client;
  explicit Redirecting(std::vector<std::string> uris) { client.redirect_uris = std::move(uris); }
  [[nodiscard]] std::string found(std::string_view asked) const {
    const std::string* uri = find_redirect_uri(client, asked);
    return uri ? *uri : "nowhere";
  }
};

TEST(RedirectUris, AreHttpsAnywhere) {
  for (const char* uri : {"https://album.example/cb", "https://album.example", "https://album.example?state=1",
                          "https://album.example:8443/cb?a=b&c=%20", "https://album.example:65535/",
                          "https://203.0.113.7/cb", "https://[2001:db8::1]/cb", "https://[2001:db8::1]:8443/cb"})
    EXPECT_TRUE(is_redirect_uri(uri)) << uri;
}

TEST(RedirectUris, AreHttpOnThisMachineAlone) {
  for (const char* uri : {"http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", "http://[::1]/cb", "http://[::1]:5000/cb",
                          "http://localhost/cb", "http://localhost:3000/cb"})
    EXPECT_TRUE(is_redirect_uri(uri)) << uri;
  for (const char* uri :
       {"http://album.example/cb", "http://localhost.album.example/cb", "http://127.0.0.1.album.example/cb",
        "http://127.0.0.2/cb", "http://[::2]/cb", "http://[::1].album.example/cb", "http:/cb", "http://"})
    EXPECT_FALSE(is_redirect_uri(uri)) << uri;
}

TEST(RedirectUris, AreOfAnAppsOwnSchemeIfItHasADot) {
  for (const char* uri : {"com.example.app:/cb", "com.example.app://cb", "com.example.app:cb", "a.b+c-d:/cb"})
    EXPECT_TRUE(is_redirect_uri(uri)) << uri;
  for (const char* uri : {"app:/cb", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
                          "ftp://a.example/", ".example:/cb", "1com.example:/cb", "com.ex_ample:/cb",
                          "com.example.app:", "com.example.app://ann@cb", "HTTPS://album.example/cb", ":/cb"})
    EXPECT_FALSE(is_redirect_uri(uri)) << uri;
}

TEST(RedirectUris, NameOneHostAndNobody) {
  for (const char* uri : {"",
                          "/cb",
                          "album.example/cb",
                          "https:album.example/cb",
                          "https:/album.example",
                          "https:///cb",
                          "https://?a",
                          "https://ann@album.example/cb",
                          "https://ann:secret@album.example/",
                          "https://album.example@evil.example/",
                          "https://album.example:/cb",
                          "https://album.example:65536/",
                          "https://album.example:123456/",
                          "https://album.example:80:80/",
                          "https://album.example:x/",
                          "https://[2001:db8::1/cb",
                          "https://[]/cb",
                          "https://[x]/cb",
                          "https://[2001:db8::1]x/cb",
                          "https://album_example/cb",
                          "https://*.example/cb"})
    EXPECT_FALSE(is_redirect_uri(uri)) << uri;
}

TEST(RedirectUris, HaveNoFragmentAndNothingThatBrowsersReadInAnotherWay) {
  for (const char* text :
       {"#", "#part", "\\", "\"", "<", ">", "^", "`", "{", "|", "}", " ", "\t", "\r\n", "\x7f", "\xc3\xbc"})
    EXPECT_FALSE(is_redirect_uri(std::string("https://album.example/cb") + text)) << text;
  EXPECT_FALSE(is_redirect_uri(std::string("https://album.example/\0cb", 25)));
}

TEST(RedirectUris, HaveAtMostTwoThousandBytes) {
  const std::string start = "https://album.example/";
  EXPECT_TRUE(is_redirect_uri(start + std::string(2'000 - start.size(), 'x')));
  EXPECT_FALSE(is_redirect_uri(start + std::string(2'001 - start.size(), 'x')));
}

TEST(RedirectUris, AreTheSameToTheByte) {
  const std::string registered = "https://album.example/cb?a=b";
  EXPECT_TRUE(is_same_redirect(registered, registered));
  for (const char* asked : {"https://album.example/cb", "https://album.example/cb?a=b&c=d", "https://album.example/cb/",
                            "https://Album.example/cb?a=b", "https://album.example:443/cb?a=b", "",
                            "https://album.example/x/../cb?a=b", "http://album.example/cb?a=b"})
    EXPECT_FALSE(is_same_redirect(registered, asked)) << asked;
}

TEST(RedirectUris, OfALoopbackAddressAreTheSameWithAnyPort) {
  EXPECT_TRUE(is_same_redirect("http://127.0.0.1/cb", "http://127.0.0.1:50123/cb"));
  EXPECT_TRUE(is_same_redirect("http://127.0.0.1:80/cb", "http://127.0.0.1:65535/cb"));
  EXPECT_TRUE(is_same_redirect("http://127.0.0.1:80/cb", "http://127.0.0.1/cb"));
  EXPECT_TRUE(is_same_redirect("http://[::1]/cb?a", "http://[::1]:50123/cb?a"));
}

TEST(RedirectUris, OfALoopbackAddressDifferInAllButThePort) {
  for (const char* asked :
       {"http://127.0.0.1:50123/other", "http://127.0.0.1:50123/cb?a", "http://127.0.0.1:50123",
        "http://[::1]:50123/cb", "http://localhost:50123/cb", "https://127.0.0.1:50123/cb", "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:/cb", "http://127.0.0.1:80@evil.example/cb", "http://127.0.0.1:80.evil.example/cb",
        "http://127.0.0.1.evil.example/cb", "http://ann@127.0.0.1/cb", "http://127.0.0.10/cb"})
    EXPECT_FALSE(is_same_redirect("http://127.0.0.1/cb", asked)) << asked;
}

TEST(RedirectUris, WithANameOrHttpsOrAnOwnSchemeKeepTheirPort) {
  EXPECT_FALSE(is_same_redirect("http://localhost:3000/cb", "http://localhost:3001/cb"));
  EXPECT_FALSE(is_same_redirect("https://127.0.0.1:3000/cb", "https://127.0.0.1:3001/cb"));
  EXPECT_FALSE(is_same_redirect("com.example.app://cb:1/", "com.example.app://cb:2/"));
}

TEST(RedirectUris, NeedNotBeAskedForIfThereIsOne) {
  EXPECT_EQ(Redirecting({"https://album.example/cb"}).found(""), "https://album.example/cb");
  EXPECT_EQ(Redirecting({"https://album.example/cb", "https://album.example/other"}).found(""), "nowhere");
  EXPECT_EQ(Redirecting({}).found(""), "nowhere");
}

TEST(RedirectUris, AreFoundAmongTheClientsOwn) {
  const Redirecting client({"https://album.example/cb", "http://127.0.0.1/cb"});
  EXPECT_EQ(client.found("https://album.example/cb"), "https://album.example/cb");
  EXPECT_EQ(client.found("http://127.0.0.1:50123/cb"), "http://127.0.0.1/cb");
  EXPECT_EQ(client.found("https://evil.example/cb"), "nowhere");
  EXPECT_EQ(client.found("https://album.example/cb?next=1"), "nowhere");
}

}  // namespace
}  // namespace propusk::core
