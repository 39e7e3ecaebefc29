// Listeners, origins, proxies and the origins of scripts that the rules of the configuration let pass.
#include "cli/doctor/testing/seeding.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(Seeding, WhatIsServedInClearIsAnError) {
  set("server.listen=0.0.0.0:8080");
  set("server.trusted_proxies=10.0.0.1");
  set("server.public_origin=http://id.example.org");
  EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::error, "http://id.example.org", "https://")));
  set("server.public_origin=https://id.example.org");
  EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::ok, "https://id.example.org", "")));
}

TEST_F(Seeding, NetworksOfStrangersAreNoProxies) {
  set("server.listen=0.0.0.0:8080");
  set("server.public_origin=https://id.example.org");
  for (const char* network : {"0.0.0.0/1", "64.0.0.0/3", "2000::/3"}) {
    set(std::string("server.trusted_proxies=") + network);
    EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::error, network, "name the addresses of the proxies")));
  }
  set("server.trusted_proxies=10.0.0.0/8,172.16.0.0/12,fc00::/7,2001:db8::1");
  EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::ok, "", "")));
}

TEST_F(Seeding, AProxyOnThisMachineIsToBeTrusted) {
  set("server.public_origin=https://id.example.org");
  EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::error, "not trusted", R"(["127.0.0.1"])")));
  set("server.trusted_proxies=127.0.0.1");
  EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::ok, "https://id.example.org", "")));
}

TEST_F(Seeding, AnOriginOfThisMachineNeedsNoTls) {
  for (const char* origin :
       {"http://localhost:8080", "http://id.localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"}) {
    set(std::string("server.public_origin=") + origin);
    EXPECT_THAT(about("listener"), ElementsAre(Says(Severity::ok, "this machine alone", ""))) << origin;
  }
}

TEST_F(Seeding, ScriptsThatCameInClearMayNotCall) {
  EXPECT_THAT(about("cors"), IsEmpty());
  set("cors.origins=https://app.example.org,http://localhost:3000");
  EXPECT_THAT(about("cors"), IsEmpty());
  set("cors.origins=https://app.example.org,http://app.example.org");
  EXPECT_THAT(about("cors"), ElementsAre(Says(Severity::error, "http://app.example.org", "https://")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
