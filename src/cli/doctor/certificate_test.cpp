// TLS files as they go wrong: too old, of another name, of another key, open to everybody.
#include "cli/doctor/testing/seeding.hpp"
#include "tests/support/test_authority.hpp"

namespace propusk::cli::doctor::testing {
namespace {
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;
using std::chrono::days;

class SeedingTls : public Seeding {
 protected:
  SeedingTls() { set("server.public_origin=https://id.example.org"); }
  /// Files of these names, and the settings that name them.
  void serve_with(const propusk::testing::CertifiedKey& files, mode_t mode_of_key = 0600) {
    set("server.tls_certificate=" + file("chain.pem", files.certificate, 0644));
    set("server.tls_key=" + file("key.pem", files.key, mode_of_key));
  }
  propusk::testing::TestAuthority authority_;
};

TEST_F(SeedingTls, WithoutTlsThereIsNothingToSay) { EXPECT_THAT(about("certificate"), IsEmpty()); }

TEST_F(SeedingTls, SoundFilesAreFine) {
  for (const char* name : {"id.example.org", "*.example.org"}) {
    serve_with(authority_.issue({name}, days{15}));
    EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::ok, "is for id.example.org, until ", ""))) << name;
  }
  set("server.public_origin=https://192.0.2.7");
  serve_with(authority_.issue({"192.0.2.7"}, days{15}), 0640);
  EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::ok, "is for 192.0.2.7", "")));
}

TEST_F(SeedingTls, ACertificateThatIsOverOrSoonWillBeIsToBeRenewed) {
  serve_with(authority_.issue({"id.example.org"}, -1min));
  EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::error, "chain.pem expired on ", "renew it")));
  serve_with(authority_.issue({"id.example.org"}, days{13}));
  EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::warning, "chain.pem expires on ", "renew it")));
}

TEST_F(SeedingTls, ACertificateOfAnotherNameIsFound) {
  serve_with(authority_.issue({"www.example.org"}, days{15}));
  EXPECT_THAT(about("certificate"),
              ElementsAre(Says(Severity::error, "is not for id.example.org", "get a certificate with that name")));
}

TEST_F(SeedingTls, TheKeyOfAnotherCertificateIsFound) {
  auto files = authority_.issue({"id.example.org"}, days{15});
  files.key = authority_.issue({"id.example.org"}, days{15}).key;
  serve_with(files);
  EXPECT_THAT(about("certificate"),
              ElementsAre(Says(Severity::error, "does not belong to", "the files of one certificate")));
}

TEST_F(SeedingTls, AKeyThatEverybodyReadsIsNone) {
  serve_with(authority_.issue({"id.example.org"}, days{15}), 0644);
  EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::error, "open to every user", "chmod o= ")));
}

TEST_F(SeedingTls, FilesThatAreNotThereOrHoldSomethingElseAreFound) {
  serve_with({.certificate = "no certificate", .key = "no key"});
  EXPECT_THAT(about("certificate"), ElementsAre(Says(Severity::error, "holds no certificate", "server.tls_certificate"),
                                                Says(Severity::error, "holds no private key", "server.tls_key")));
  set("server.tls_certificate=/nowhere/chain.pem");
  set("server.tls_key=/nowhere/key.pem");
  EXPECT_THAT(about("certificate"),
              ElementsAre(Says(Severity::error, "/nowhere/chain.pem cannot be read", "the user that runs propusk"),
                          Says(Severity::error, "/nowhere/key.pem cannot be read", "the user that runs propusk")));
}

TEST_F(SeedingTls, AKeyThatTheUserOfTheServerCannotReadIsFound) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make files of another user";
  make_data_directory();
  constexpr uid_t somebody = 12'345;
  ASSERT_EQ(::chown(data().c_str(), somebody, somebody), 0);
  serve_with(authority_.issue({"id.example.org"}, days{15}));
  EXPECT_THAT(about("certificate"), Contains(Says(Severity::error, "key.pem cannot be read by user 12345", "")));
}

}  // namespace
}  // namespace propusk::cli::doctor::testing
