// The one file that includes CLI11, which costs seconds to compile.
#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace propusk::cli {
namespace {

constexpr const char* examples = R"(Propusk: an account server in one file.

Examples:
  propusk serve --data ./propusk-data --listen 127.0.0.1:8080
  propusk account create ann --email ann@example.org
  propusk account set-password ann < password.txt
  propusk session list ann --json
  propusk token revoke ann --all
  propusk client create "Our app" --redirect-uri https://app.example.org/cb
  propusk mail test ann@example.org
  propusk config print
  propusk doctor --data /var/lib/propusk --config /etc/propusk/propusk.toml
  propusk backup /var/backups/propusk-monday.propusk

Exit codes: 0 done; 1 refused or failed; 2 wrong usage or configuration; 3 data directory or server not reachable.)";

std::string default_data_directory(const std::vector<std::string>& variables) {
  constexpr std::string_view name = "STATE_DIRECTORY=";  // systemd.exec(5): colon-separated, ours is the first
  for (const std::string& variable : variables)
    if (variable.starts_with(name) && variable.size() > name.size())
      return variable.substr(name.size(), variable.find(':') - name.size());
  return "./propusk-data";
}

/// The words of the line before they become a Command.
struct Words {
  Command command;
  std::string data, config, listen;
  std::vector<std::string> sets;
};

CLI::App* leaf(CLI::App& parent, const char* name, const char* help, Words& words, Verb verb) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->callback([&words, verb] { words.command.verb = verb; });
  return app;
}

void add_json(CLI::App* app, Words& words) { app->add_flag("--json", words.command.json, "Write JSON"); }

void add_settings(CLI::App* app, Words& words) {
  app->add_option("--config", words.config, "TOML file with settings")->type_name("FILE");
  app->add_option("--set", words.sets, "Set one key, e.g. log.level=debug; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_data(CLI::App* app, Words& words) {
  app->add_option("--data", words.data, "Data directory; else $STATE_DIRECTORY, else ./propusk-data")->type_name("DIR");
}

/// An operator's command: works on DIR, through the running server if there is one.
CLI::App* operation(CLI::App& parent, const char* name, const char* help, Words& words, Verb verb) {
  CLI::App* app = leaf(parent, name, help, words, verb);
  add_data(app, words);
  add_settings(app, words);
  add_json(app, words);
  return app;
}

CLI::App* operation_on_account(CLI::App& parent, const char* name, const char* help, Words& words, Verb verb) {
  CLI::App* app = operation(parent, name, help, words, verb);
  app->add_option("identifier", words.command.identifier, "Id, username or e-mail address")
      ->type_name("IDENTIFIER")
      ->required();
  return app;
}

void add_serve(CLI::App& root, Words& words) {
  CLI::App* serve = leaf(root, "serve", "Run the server", words, Verb::serve);
  add_data(serve, words);
  serve->add_option("--listen", words.listen, "The same as --set server.listen=")->type_name("HOST:PORT");
  serve->add_flag("--dev", words.command.dev, "For development on this machine");
  add_settings(serve, words);
}

void add_account_creation(CLI::App& account, Words& words) {
  CLI::App* create =
      operation(account, "create", "Create an account; the password is prompted for, or read from standard input",
                words, Verb::account_create);
  create->add_option("username", words.command.identifier, "The new username")->type_name("USERNAME")->required();
  create->add_option("--email", words.command.email, "E-mail address")->type_name("ADDRESS");
  create->add_flag("--pending", words.command.pending, "It waits until the link mailed to its address is followed");
}

void add_account_addresses(CLI::App& account, Words& words) {
  operation_on_account(account, "activate", "Make a pending account active", words, Verb::account_activate)
      ->add_flag("--verify-email", words.command.verified, "Its address is its own: no link has to prove it");
  CLI::App* set_email = operation_on_account(
      account, "set-email", "Give an account another address; links mailed to it end", words, Verb::account_set_email);
  set_email->add_option("address", words.command.email, "The new address")->type_name("ADDRESS")->required();
  set_email->add_flag("--verified", words.command.verified, "The address is its own: no link has to prove it");
}

void add_account(CLI::App& root, Words& words) {
  CLI::App& account = *root.add_subcommand("account", "Create, show and change accounts")->require_subcommand(1);
  add_account_creation(account, words);
  operation(account, "list", "List all accounts", words, Verb::account_list)
      ->add_option("--state", words.command.state, "Only those that are pending, active or disabled")
      ->type_name("STATE");
  operation_on_account(account, "show", "Show one account", words, Verb::account_show);
  operation_on_account(account, "disable", "Disable an account and end its sessions", words, Verb::account_disable);
  operation_on_account(account, "enable", "Enable a disabled account", words, Verb::account_enable);
  add_account_addresses(account, words);
  operation_on_account(account, "set-password", "Set a password and end the account's sessions", words,
                       Verb::account_set_password);
  operation_on_account(account, "sign-out", "End every session and token of an account at once", words,
                       Verb::account_sign_out);
  operation_on_account(account, "delete", "Delete an account for ever", words, Verb::account_delete)
      ->add_flag("--yes", words.command.yes, "Do not ask");
}

void add_session(CLI::App& root, Words& words) {
  CLI::App& session = *root.add_subcommand("session", "Show and end sessions")->require_subcommand(1);
  operation_on_account(session, "list", "List the live sessions of an account", words, Verb::session_list);
  operation_on_account(session, "revoke", "End one session at once", words, Verb::session_revoke)
      ->add_option("session", words.command.credential, "Id from `session list`, or its first 8 digits or more")
      ->type_name("SESSION")
      ->required();
}

void add_token(CLI::App& root, Words& words) {
  CLI::App& token = *root.add_subcommand("token", "Show and end bearer tokens")->require_subcommand(1);
  operation_on_account(token, "list", "List the live tokens of an account", words, Verb::token_list);
  CLI::App* revoke = operation_on_account(token, "revoke", "End one token at once, or all", words, Verb::token_revoke);
  CLI::Option* one =
      revoke->add_option("token", words.command.credential, "Id from `token list`, or its first 8 digits or more")
          ->type_name("TOKEN");
  revoke->add_flag("--all", words.command.all, "All tokens of the account")->excludes(one);
}

void add_social(CLI::App& root, Words& words) {
  CLI::App& social = *root.add_subcommand("social", "Show and end connections to providers")->require_subcommand(1);
  operation_on_account(social, "list", "List whom at providers an account is connected to", words, Verb::social_list);
  CLI::App* disconnect = operation_on_account(social, "disconnect", "End the connections of an account to a provider",
                                              words, Verb::social_disconnect);
  disconnect->add_option("provider", words.command.provider, "Name from `social list`, such as google-oauth2")
      ->type_name("PROVIDER")
      ->required();
  disconnect->add_option("--subject", words.command.subject, "Only the one to this person there")->type_name("SUBJECT");
}

void add_key(CLI::App& root, Words& words) {
  CLI::App& key = *root.add_subcommand("key", "Show and rotate the keys that sign JWTs")->require_subcommand(1);
  operation(key, "list", "List the keys whose JWTs are believed", words, Verb::key_list);
  CLI::App* rotate =
      operation(key, "rotate", "Make the next key; JWTs of older ones stay valid", words, Verb::key_rotate);
  rotate->add_flag("--urgent", words.command.urgent, "It signs at once, and every JWT of an older key ends");
  rotate->add_flag("--yes", words.command.yes, "Do not ask");
}

void add_client_creation(CLI::App& client, Words& words) {
  NewClientWords& wanted = words.command.client;
  CLI::App* create =
      operation(client, "create", "Register a client; its secret is shown once", words, Verb::client_create);
  create->add_option("name", words.command.identifier, "What people read when they are asked for their consent")
      ->type_name("NAME")
      ->required();
  create->add_option("--id", wanted.id, "Its id; else one is drawn")->type_name("ID");
  create->add_flag("--public", wanted.is_public, "An app or a page, which can keep no secret");
  create->add_flag("--own-secret", wanted.asks_secret,
                   "The secret is prompted for, or read from standard input; else one is drawn");
  const auto add_list = [&](const char* name, std::vector<std::string>& list, const char* type, const char* help) {
    create->add_option(name, list, help)->type_name(type)->allow_extra_args(false);
  };
  add_list("--grant", wanted.grants, "GRANT",
           "convert_token, password, refresh_token, client_credentials or authorization_code; may be repeated; else "
           "refresh_token and convert_token, of a public client authorization_code");
  add_list("--scope", wanted.scopes, "SCOPE", "What it may ask for; may be repeated; else read and write");
  add_list("--backend", wanted.backends, "BACKEND",
           "Whose tokens it may convert; may be repeated; else every provider's");
  add_list("--redirect-uri", wanted.redirect_uris, "URI", "Where answers may go; may be repeated");
  add_list("--origin", wanted.origins, "ORIGIN",
           "Of pages whose scripts may call it, https://app.example; may be repeated");
  create->add_flag("--skip-consent", wanted.skips_consent, "It is your own: people are not asked");
  create->add_flag("--introspect", wanted.introspects, "It may ask about tokens of other clients");
}

void add_client(CLI::App& root, Words& words) {
  CLI::App& client = *root.add_subcommand("client", "Register, show and change OAuth clients")->require_subcommand(1);
  add_client_creation(client, words);
  operation(client, "list", "List all clients", words, Verb::client_list);
  const auto on_one = [&](const char* name, const char* help, Verb verb) {
    CLI::App* app = operation(client, name, help, words, verb);
    app->add_option("client", words.command.identifier, "Id from `client list`")->type_name("CLIENT")->required();
    return app;
  };
  on_one("show", "Show one client", Verb::client_show);
  on_one("rotate-secret", "Make another secret; the one before works no more", Verb::client_rotate_secret);
  on_one("disable", "Disable a client and end everything that it got", Verb::client_disable);
  on_one("enable", "Let a disabled client ask again", Verb::client_enable);
  on_one("delete", "Delete a client, and end everything that it got", Verb::client_delete)
      ->add_flag("--yes", words.command.yes, "Do not ask");
}

void add_audit(CLI::App& root, Words& words) {
  CLI::App& audit = *root.add_subcommand("audit", "Show what happened")->require_subcommand(1);
  CLI::App* list = operation(audit, "list", "List events, newest first", words, Verb::audit_list);
  list->add_option("identifier", words.command.identifier, "Only those of this account")->type_name("IDENTIFIER");
  list->add_option("--limit", words.command.limit, "How many at most")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void add_mail(CLI::App& root, Words& words) {
  CLI::App& mail = *root.add_subcommand("mail", "Show and move the mail that waits")->require_subcommand(1);
  CLI::App* list = operation(mail, "list", "List mails, newest first", words, Verb::mail_list);
  list->add_option("--state", words.command.state, "Only those that are queued, sent, dead, expired or cancelled")
      ->type_name("STATE");
  list->add_option("--limit", words.command.limit, "How many at most")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  const auto on_one = [&](const char* name, const char* help, Verb verb) {
    operation(mail, name, help, words, verb)
        ->add_option("mail", words.command.identifier, "Id from `mail list`")
        ->type_name("MAIL")
        ->required();
  };
  on_one("show", "Show one mail and its last answer", Verb::mail_show);
  on_one("retry", "Put a mail that was given up back into the queue", Verb::mail_retry);
  on_one("drop", "Give up a mail that waits", Verb::mail_drop);
  operation(mail, "test", "Send a test mail at once and show what the server answers", words, Verb::mail_test)
      ->add_option("address", words.command.identifier, "Where to")
      ->type_name("ADDRESS")
      ->required();
}

void add_config(CLI::App& root, Words& words) {
  CLI::App& config = *root.add_subcommand("config", "Show and explain the configuration")->require_subcommand(1);
  CLI::App* print =
      leaf(config, "print", "Print the effective settings and where each comes from", words, Verb::config_print);
  print->add_option("--listen", words.listen, "The same as --set server.listen=")->type_name("HOST:PORT");
  add_settings(print, words);
  add_json(print, words);
  add_json(leaf(config, "reference", "Print every key as Markdown", words, Verb::config_reference), words);
}

void add_doctor(CLI::App& root, Words& words) {
  CLI::App* doctor =
      operation(root, "doctor", "Say what is wrong with an installation, and what to do", words, Verb::doctor);
  doctor->add_option("--listen", words.listen, "The same as --set server.listen=")->type_name("HOST:PORT");
}

void add_whole_store(CLI::App& root, Words& words) {
  WholeStoreWords& wanted = words.command.store;
  CLI::App& store = *root.add_subcommand("store", "Work on all rows at once")->require_subcommand(1);
  CLI::App* move = operation(store, "move", "Copy everything into another store and compare both; no server may run",
                             words, Verb::store_move);
  move->add_option("--from", wanted.from, "sqlite:, sqlite:FILE or postgresql://...; else the configured store")
      ->type_name("URL");
  move->add_option("--to", wanted.to, "Where to; it is empty, or what a move that was cut short left")
      ->type_name("URL")
      ->required();

  CLI::App* backup =
      operation(root, "backup", "Write everything into one file; the server may go on", words, Verb::backup);
  backup->add_option("file", wanted.file, "The new file")->type_name("FILE")->required();
  CLI::Option* with_key = backup->add_flag("--with-sealing-key", wanted.with_sealing_key,
                                           "Put in the key that opens the signing keys, too");
  backup->add_flag("--verify", wanted.verify, "FILE is there: see whether it is whole")->excludes(with_key);

  CLI::App* restore = operation(
      root, "restore", "Put a backup in place of the store; every session, token and link ends", words, Verb::restore);
  restore->add_option("file", wanted.file, "What `backup` wrote")->type_name("FILE")->required();
  restore->add_flag("--keep-credentials", wanted.keep_credentials,
                    "Sessions, tokens and links live again, also those that were ended since");
  restore->add_flag("--replace", wanted.replace, "Erase the accounts and clients that the store holds; asks first");
  restore->add_flag("--yes", words.command.yes, "Do not ask");
}

std::expected<Command, Stopped> understood(Words words, const std::vector<std::string>& variables) {
  Command command = std::move(words.command);
  command.data_directory = words.data.empty() ? default_data_directory(variables) : words.data;
  if (!words.config.empty()) command.config_file = words.config;
  for (const std::string& set : words.sets) {
    const auto equals = set.find('=');
    if (equals == set.npos || equals == 0)
      return std::unexpected(Stopped{usage, "--set " + set + ": write --set KEY=VALUE\n"});
    command.flags.push_back({set.substr(0, equals), set.substr(equals + 1), "--set"});
  }
  if (command.verb == Verb::token_revoke && command.credential.empty() && !command.all)
    return std::unexpected(Stopped{usage, "token revoke: name a token of `token list`, or write --all\n"});
  if (!words.listen.empty()) command.flags.push_back({"server.listen", words.listen, "--listen"});
  return command;
}

}  // namespace

std::expected<Command, Stopped> parse_arguments(std::span<const char* const> arguments,
                                                const std::vector<std::string>& variables) {
  Words words;
  bool wants_version = false;
  CLI::App root(examples, "propusk");
  root.require_subcommand(0, 1);
  root.add_flag("-V,--version", wants_version, "Print the version");
  add_serve(root, words);
  add_account(root, words);
  add_session(root, words);
  add_token(root, words);
  add_social(root, words);
  add_key(root, words);
  add_client(root, words);
  add_audit(root, words);
  add_mail(root, words);
  add_config(root, words);
  add_doctor(root, words);
  add_whole_store(root, words);
  add_json(leaf(root, "version", "Print the version", words, Verb::version), words);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 takes them
    root.parse(std::move(reversed));
  } catch (const CLI::ParseError& stop) {
    std::ostringstream out, err;
    const bool is_help = root.exit(stop, out, err) == 0;
    return std::unexpected(is_help ? Stopped{done, out.str()} : Stopped{usage, err.str()});
  }
  if (wants_version) words.command.verb = Verb::version;
  return understood(std::move(words), variables);
}

}  // namespace propusk::cli
