// A store that was opened serves: what comes first does not wait for connections.
#include "stores/postgres/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>

#include "base/testing/fake_clock.hpp"
#include "core/sessions/live_credentials.hpp"
#include "stores/postgres/testing/test_database.hpp"

namespace propusk::postgres {
namespace {
using ::testing::HasSubstr, ::testing::IsEmpty;

class PostgresStoreTest : public ::testing::Test {
 protected:
  PostgresStore opened(seconds patience) {
    return PostgresStore({.url = database.url(),
                          .connections = 8,
                          .start_patience = patience,
                          .log =
                              [this](stores::LogLevel level, std::string_view line) {
                                const std::lock_guard lock(mutex_);
                                if (level != stores::LogLevel::info) told_ += line;
                              }},
                         live_, clock_, random_);
  }
  std::string told() {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  testing::TestDatabase database;

 private:
  std::mutex mutex_;
  std::string told_;
  propusk::testing::FakeClock clock_;
  propusk::testing::SeededRandom random_;
  core::LiveCredentials live_{10};
};

TEST_F(PostgresStoreTest, HasAllItsConnectionsWhenItIsOpen) {
  const PostgresStore store = opened(seconds{60});
  EXPECT_EQ(store.figures().connections, 8);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(PostgresStoreTest, OpensWithFewerThanWereAskedForAndSaysSo) {
  database.as_superuser("ALTER DATABASE " + database.as_superuser("SELECT current_database()") + " CONNECTION LIMIT 6");
  const PostgresStore store = opened(seconds{5});
  EXPECT_EQ(store.figures().connections, 5) << "and one listens";
  EXPECT_THAT(told(), HasSubstr("5 of 8 connections could be made"));
}

}  // namespace
}  // namespace propusk::postgres
