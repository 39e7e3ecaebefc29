// The grammar of the command line, and what it says when it is not understood.
#include "cli/arguments.hpp"

#include <gmock/gmock.h>

namespace propusk::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::expected<Command, Stopped> parse(std::vector<const char*> line, const std::vector<std::string>& variables = {}) {
  return parse_arguments(line, variables);
}

TEST(CliArguments, NoArgumentsServeTheDefaultDirectory) {
  const auto command = parse({});

  ASSERT_TRUE(command);
  EXPECT_EQ(command->verb, Verb::serve);
  EXPECT_EQ(command->data_directory, "./propusk-data");
}

TEST(CliArguments, TheDataDirectoryIsTheFlagElseSystemdsElseTheDefault) {
  const std::vector<std::string> systemd{"HOME=/", "STATE_DIRECTORY=/var/lib/propusk:/var/lib/other"};

  EXPECT_EQ(parse({"serve"}, systemd)->data_directory, "/var/lib/propusk");
  EXPECT_EQ(parse({"serve", "--data", "/srv"}, systemd)->data_directory, "/srv");
  EXPECT_EQ(parse({"serve"}, {"STATE_DIRECTORY="})->data_directory, "./propusk-data");
}

TEST(CliArguments, ServeTakesItsOptions) {
  const auto command = parse({"serve", "--dev", "--listen", "[::1]:80", "--config", "a.toml", "--set",
                              "log.level=debug", "--set=mail.from=a=b"});

  ASSERT_TRUE(command);
  EXPECT_TRUE(command->dev);
  EXPECT_EQ(command->config_file, "a.toml");
  ASSERT_EQ(command->flags.size(), 3u);
  EXPECT_EQ(command->flags[0].key, "log.level");
  EXPECT_EQ(command->flags[0].value, "debug");
  EXPECT_EQ(command->flags[1].value, "a=b");
  EXPECT_EQ(command->flags[2].key, "server.listen");
  EXPECT_EQ(command->flags[2].value, "[::1]:80");
  EXPECT_EQ(command->flags[2].spelled, "--listen");
}

TEST(CliArguments, EveryOperatorCommandIsUnderstood) {
  const std::vector<std::pair<std::vector<const char*>, Verb>> lines{
      {{"account", "create", "ann", "--email", "a@b.c"}, Verb::account_create},
      {{"account", "create", "ann", "--email", "a@b.c", "--pending"}, Verb::account_create},
      {{"account", "list"}, Verb::account_list},
      {{"account", "list", "--state", "pending"}, Verb::account_list},
      {{"account", "show", "ann"}, Verb::account_show},
      {{"account", "disable", "ann"}, Verb::account_disable},
      {{"account", "enable", "ann"}, Verb::account_enable},
      {{"account", "activate", "ann"}, Verb::account_activate},
      {{"account", "set-email", "ann", "a@b.c"}, Verb::account_set_email},
      {{"account", "set-password", "ann"}, Verb::account_set_password},
      {{"account", "sign-out", "ann"}, Verb::account_sign_out},
      {{"account", "delete", "ann", "--yes"}, Verb::account_delete},
      {{"session", "list", "ann"}, Verb::session_list},
      {{"session", "revoke", "ann", "0123456789abcdef"}, Verb::session_revoke},
      {{"token", "list", "ann"}, Verb::token_list},
      {{"token", "revoke", "ann", "0123456789abcdef"}, Verb::token_revoke},
      {{"token", "revoke", "ann", "--all"}, Verb::token_revoke},
      {{"key", "list"}, Verb::key_list},
      {{"key", "rotate"}, Verb::key_rotate},
      {{"key", "rotate", "--urgent", "--yes"}, Verb::key_rotate},
      {{"audit", "list"}, Verb::audit_list},
      {{"audit", "list", "ann", "--limit", "1000"}, Verb::audit_list},
  };
  for (auto [line, verb] : lines) {
    line.insert(line.end(), {"--json", "--data", "/srv"});
    const auto command = parse(line);
    ASSERT_TRUE(command) << line[0] << ' ' << line[1] << ": " << command.error().text;
    EXPECT_EQ(command->verb, verb) << line[0] << ' ' << line[1];
    EXPECT_TRUE(command->json);
    EXPECT_EQ(command->data_directory, "/srv");
  }
  EXPECT_EQ(parse({"session", "revoke", "ann", "01234567"})->credential, "01234567");
  EXPECT_EQ(parse({"account", "create", "ann", "--email", "a@b.c"})->email, "a@b.c");
  EXPECT_EQ(parse({"config", "print", "--json"})->verb, Verb::config_print);
  EXPECT_EQ(parse({"config", "reference"})->verb, Verb::config_reference);
  EXPECT_EQ(parse({"doctor", "--json"})->verb, Verb::doctor);
  EXPECT_EQ(parse({"doctor", "--listen", "0.0.0.0:80"})->flags.at(0).key, "server.listen");
  EXPECT_EQ(parse({"version", "--json"})->verb, Verb::version);
  EXPECT_EQ(parse({"--version"})->verb, Verb::version);
}

TEST(CliArguments, WhatAVerbIsToDoIsItsFlags) {
  EXPECT_TRUE(parse({"account", "create", "ann", "--email", "a@b.c", "--pending"})->pending);
  EXPECT_EQ(parse({"account", "list", "--state", "pending"})->state, "pending");
  EXPECT_FALSE(parse({"account", "activate", "ann"})->verified);
  EXPECT_TRUE(parse({"account", "activate", "ann", "--verify-email"})->verified);
  EXPECT_EQ(parse({"account", "set-email", "ann", "a@b.c"})->email, "a@b.c");
  EXPECT_FALSE(parse({"account", "set-email", "ann", "a@b.c"})->verified);
  EXPECT_TRUE(parse({"account", "set-email", "ann", "a@b.c", "--verified"})->verified);
  EXPECT_EQ(parse({"token", "revoke", "ann", "01234567"})->credential, "01234567");
  EXPECT_FALSE(parse({"token", "revoke", "ann", "01234567"})->all);
  EXPECT_TRUE(parse({"token", "revoke", "ann", "--all"})->all);
  EXPECT_FALSE(parse({"key", "rotate"})->urgent);
  EXPECT_TRUE(parse({"key", "rotate", "--urgent"})->urgent);
  EXPECT_FALSE(parse({"key", "rotate", "--urgent"})->yes);
  EXPECT_TRUE(parse({"key", "rotate", "--urgent", "--yes"})->yes);
}

TEST(CliArguments, AWholeStoreIsMovedBackedUpAndRestored) {
  const auto move = parse({"store", "move", "--from", "sqlite:", "--to", "postgresql://db/x", "--data", "/srv"});
  ASSERT_TRUE(move);
  EXPECT_EQ(move->verb, Verb::store_move);
  EXPECT_EQ(move->store.from, "sqlite:");
  EXPECT_EQ(move->store.to, "postgresql://db/x");
  EXPECT_EQ(move->data_directory, "/srv");
  const auto backup = parse({"backup", "a.propusk", "--with-sealing-key"});
  ASSERT_TRUE(backup);
  EXPECT_EQ(backup->store.file, "a.propusk");
  EXPECT_TRUE(backup->store.with_sealing_key);
  EXPECT_FALSE(backup->store.verify);
  const auto restore = parse({"restore", "a.propusk"});
  ASSERT_TRUE(restore);
  EXPECT_FALSE(restore->store.keep_credentials) << "what was ended stays ended, unless somebody says otherwise";
  EXPECT_FALSE(restore->store.replace);
  EXPECT_FALSE(restore->yes);
  EXPECT_TRUE(parse({"restore", "a.propusk", "--keep-credentials"})->store.keep_credentials);
  for (const std::vector<const char*>& line : {std::vector<const char*>{"store", "move"},
                                               {"store"},
                                               {"backup"},
                                               {"backup", "a", "--verify", "--with-sealing-key"},
                                               {"restore"}})
    EXPECT_FALSE(parse(line)) << line.back();
}

TEST(CliArguments, AWrongLineIsUsage) {
  const std::vector<std::vector<const char*>> lines{{"srve"},
                                                    {"account"},
                                                    {"account", "create"},
                                                    {"account", "show"},
                                                    {"account", "show", "a", "b"},
                                                    {"account", "set-email", "ann"},
                                                    {"account", "activate", "ann", "--verified"},
                                                    {"session", "revoke", "ann"},
                                                    {"session", "revoke", "ann", "--all"},
                                                    {"token", "revoke", "ann"},
                                                    {"token", "revoke", "ann", "01234567", "--all"},
                                                    {"key"},
                                                    {"key", "rotate", "0123456789abcdef"},
                                                    {"serve", "--lisen", "x"},
                                                    {"serve", "--set", "log.level"},
                                                    {"serve", "--set", "=x"},
                                                    {"audit", "list", "--limit", "0"},
                                                    {"audit", "list", "--limit", "1001"},
                                                    {"account", "create", "ann", "--password", "secret"},
                                                    {"config"},
                                                    {"serve", "extra"}};
  for (const auto& line : lines) {
    const auto command = parse(line);
    ASSERT_FALSE(command) << line[0];
    EXPECT_EQ(command.error().code, usage) << line[0];
    EXPECT_FALSE(command.error().text.empty());
  }
}

TEST(CliArguments, HelpBeginsWithExamplesAndGoesToStandardOutput) {
  for (const char* flag : {"--help", "-h"}) {
    const auto help = parse({flag});
    ASSERT_FALSE(help);
    EXPECT_EQ(help.error().code, done);
    EXPECT_THAT(help.error().text,
                StartsWith("Propusk: an account server in one file.\n\nExamples:\n  propusk serve "));
    EXPECT_THAT(help.error().text, HasSubstr("Exit codes: 0 done;"));
  }
  EXPECT_THAT(parse({"account", "create", "--help"}).error().text, HasSubstr("--email ADDRESS"));
}

}  // namespace
}  // namespace propusk::cli
