// SQL is built while this is compiled, from one list of columns: no text from outside can ever be part of it.
#include "stores/copy/tables.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace propusk::copy {
namespace {
using enum Type;
using enum Restored;

template <std::size_t N>
struct Shape {
  std::string_view name;
  std::size_t keys;
  Restored restored;
  std::array<Column, N> columns;
};

constexpr Shape accounts{"accounts", 1, kept,
                         std::to_array<Column>({{"id", integer},
                                                {"username", text},
                                                {"username_key", text},
                                                {"email", text},
                                                {"email_key", text},
                                                {"email_verified", integer},
                                                {"password_hash", text},
                                                {"state", text},
                                                {"epoch", integer},
                                                {"created_at", integer},
                                                {"password_changed_at", integer},
                                                {"last_sign_in_at", integer},
                                                {"failed_sign_ins", integer},
                                                {"last_failed_sign_in_at", integer},
                                                {"email_claimed", integer},
                                                {"language", text},
                                                {"pending_until", integer},
                                                {"first_name", text},
                                                {"last_name", text},
                                                {"middle_name", text},
                                                {"phone", text},
                                                {"was_active", integer},
                                                {"password_proved", integer}})};
constexpr Shape clients{"clients", 1, kept,
                        std::to_array<Column>({{"id", text},
                                               {"name", text},
                                               {"kind", text},
                                               {"secret", bytes},
                                               {"grants", text},
                                               {"scopes", text},
                                               {"backends", text},
                                               {"redirect_uris", text},
                                               {"origins", text},
                                               {"skips_consent", integer},
                                               {"introspects", integer},
                                               {"state", text},
                                               {"epoch", integer},
                                               {"created_at", integer},
                                               {"secret_changed_at", integer}})};
constexpr Shape credentials{"credentials", 1, ended,
                            std::to_array<Column>({{"digest", bytes},
                                                   {"kind", text},
                                                   {"account", integer},
                                                   {"epoch", integer},
                                                   {"prefix", text},
                                                   {"label", text},
                                                   {"created_at", integer},
                                                   {"seen_at", integer},
                                                   {"expires_at", integer},
                                                   {"idle", integer},
                                                   {"client", text},
                                                   {"client_epoch", integer},
                                                   {"scope", text},
                                                   {"parent", bytes}})};
constexpr Shape refresh_chains{"refresh_chains", 1, ended,
                               std::to_array<Column>({{"credential", bytes},
                                                      {"current_token", bytes},
                                                      {"previous_token", bytes},
                                                      {"successor", bytes},
                                                      {"rotated_at", integer},
                                                      {"rotations", integer}})};
constexpr Shape links{"links", 1, ended,
                      std::to_array<Column>({{"digest", bytes},
                                             {"purpose", text},
                                             {"account", integer},
                                             {"epoch", integer},
                                             {"email", text},
                                             {"created_at", integer},
                                             {"expires_at", integer},
                                             {"used_at", integer}})};
constexpr Shape authorization_codes{"authorization_codes", 1, ended,
                                    std::to_array<Column>({{"digest", bytes},
                                                           {"client", text},
                                                           {"client_epoch", integer},
                                                           {"account", integer},
                                                           {"epoch", integer},
                                                           {"redirect_uri", text},
                                                           {"scope", text},
                                                           {"code_challenge", text},
                                                           {"created_at", integer},
                                                           {"expires_at", integer},
                                                           {"used_at", integer},
                                                           {"credential", bytes}})};
constexpr Shape consents{
    "consents", 2, ended,
    std::to_array<Column>({{"account", integer}, {"client", text}, {"scope", text}, {"given_at", integer}})};
constexpr Shape client_tokens{"client_tokens", 1, ended,
                              std::to_array<Column>({{"digest", bytes},
                                                     {"client", text},
                                                     {"client_epoch", integer},
                                                     {"scope", text},
                                                     {"created_at", integer},
                                                     {"expires_at", integer}})};
constexpr Shape social_links{"social_links", 2, kept,
                             std::to_array<Column>({{"provider", text},
                                                    {"subject", text},
                                                    {"account", integer},
                                                    {"imported", integer},
                                                    {"display", text},
                                                    {"mailbox", text},
                                                    {"created_at", integer},
                                                    {"used_at", integer}})};
constexpr Shape signing_keys{"signing_keys", 1, ended,
                             std::to_array<Column>({{"kid", text},
                                                    {"algorithm", text},
                                                    {"sealed", bytes},
                                                    {"created_at", integer},
                                                    {"signs_from", integer},
                                                    {"retires_at", integer}})};
constexpr Shape mails{"mails", 1, kept, std::to_array<Column>({{"id", integer},           {"kind", text},
                                                               {"state", text},           {"recipient", text},
                                                               {"recipient_key", text},   {"domain", text},
                                                               {"language", text},        {"account", integer},
                                                               {"epoch", integer},        {"client", text},
                                                               {"device", text},          {"other_email", text},
                                                               {"created_at", integer},   {"next_attempt_at", integer},
                                                               {"expires_at", integer},   {"attempts", integer},
                                                               {"leased_until", integer}, {"settled_at", integer},
                                                               {"last_answer", text},     {"provider", text},
                                                               {"leased_by", integer}})};
constexpr Shape mail_requests{
    "mail_requests", 1, ended,
    std::to_array<Column>(
        {{"id", integer}, {"kind", text}, {"email", text}, {"language", text}, {"created_at", integer}})};
constexpr Shape audit_events{
    "audit_events", 2, kept,
    std::to_array<Column>(
        {{"at", integer}, {"id", integer}, {"action", text}, {"account", integer}, {"actor", text}, {"detail", text}})};

/// std::string of libstdc++ 12 does not work in constants under clang.
class Text {
 public:
  constexpr Text& operator+=(std::string_view more) {
    for (const char each : more) chars_[size_++] = each;
    return *this;
  }
  constexpr Text& number(std::size_t value) {
    if (value > 9) number(value / 10);
    const char digit = static_cast<char>('0' + value % 10);
    return *this += std::string_view(&digit, 1);
  }
  constexpr Text& names(std::span<const Column> columns) {
    for (const Column& column : columns) (*this += &column == columns.data() ? "" : ", ") += column.name;
    return *this;
  }
  /// "$1, $2", up to `count`.
  constexpr Text& placeholders(std::size_t count) {
    for (std::size_t i = 1; i <= count; ++i) (*this += i == 1 ? "$" : ", $").number(i);
    return *this;
  }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr const char* begin() const { return chars_.data(); }
  [[nodiscard]] constexpr const char* end() const { return chars_.data() + size_; }

 private:
  std::array<char, 1024> chars_{};  // a longer text would not compile
  std::size_t size_ = 0;
};

/// What `text` makes, as an array that lives as long as the program.
template <auto text>
constexpr auto literal = [] {
  std::array<char, text().size() + 1> out{};
  std::ranges::copy(text(), out.begin());
  return out;
}();

template <const auto& shape>
constexpr std::span<const Column> key = std::span(shape.columns).first(shape.keys);

template <const auto& shape>
constexpr auto select_first = literal<[] {
  Text out;
  (out += "SELECT ").names(shape.columns) += " FROM ";
  ((out += shape.name) += " ORDER BY ").names(key<shape>) += " LIMIT $1";
  return out;
}>;
template <const auto& shape>
constexpr auto select_after = literal<[] {
  Text out;
  (out += "SELECT ").names(shape.columns) += " FROM ";
  ((out += shape.name) += " WHERE (").names(key<shape>) += ") > (";
  (out.placeholders(shape.keys) += ") ORDER BY ").names(key<shape>) += " LIMIT $";
  return out.number(shape.keys + 1);
}>;
template <const auto& shape>
constexpr auto select_count = literal<[] {
  Text out;
  return (out += "SELECT count(*) FROM ") += shape.name;
}>;
template <const auto& shape>
constexpr auto insert_row = literal<[] {
  Text out;
  (((out += "INSERT INTO ") += shape.name) += " (").names(shape.columns) += ") VALUES (";
  return out.placeholders(shape.columns.size()) += ")";
}>;
template <const auto& shape>
constexpr auto copy_rows = literal<[] {
  Text out;
  return (((out += "COPY ") += shape.name) += " (").names(shape.columns) += ") FROM STDIN (FORMAT binary)";
}>;

template <const auto& shape>
void insert(sql::Connection& into, std::span<const sql::Value> row) {
  constexpr sql::Sql text(insert_row<shape>.data());
  [&]<std::size_t... at>(std::index_sequence<at...>) {
    into.run(text, {row[at]...});
  }(std::make_index_sequence<shape.columns.size()>());
}

template <const auto& shape>
consteval Table table() {
  const auto epoch = std::ranges::find(shape.columns, "epoch", &Column::name);
  const bool ends_by_it = &shape.name == &accounts.name || &shape.name == &clients.name;
  return {.name = shape.name,
          .columns = shape.columns,
          .keys = shape.keys,
          .restored = shape.restored,
          .epoch = ends_by_it ? std::optional(static_cast<std::size_t>(epoch - shape.columns.begin())) : std::nullopt,
          .first = select_first<shape>.data(),
          .after = select_after<shape>.data(),
          .count = select_count<shape>.data(),
          .copy_in = copy_rows<shape>.data(),
          .insert = insert<shape>};
}

constexpr std::array all{table<accounts>(),       table<clients>(),       table<credentials>(),
                         table<refresh_chains>(), table<links>(),         table<authorization_codes>(),
                         table<consents>(),       table<client_tokens>(), table<social_links>(),
                         table<signing_keys>(),   table<mails>(),         table<mail_requests>(),
                         table<audit_events>()};

constexpr auto delete_all = literal<[] {
  Text out;
  for (auto each = all.rbegin(); each != all.rend(); ++each) ((out += "DELETE FROM ") += each->name) += ";";
  return out;
}>;
constexpr auto truncate_all = literal<[] {
  Text out;
  for (const Table& each : all) (out += out.size() == 0 ? "TRUNCATE " : ", ") += each.name;
  return out;
}>;
constexpr auto lock_all = literal<[] {
  Text out;
  for (const Table& each : all) (out += out.size() == 0 ? "LOCK TABLE " : ", ") += each.name;
  return out += " IN SHARE MODE";
}>;
}  // namespace

std::span<const Table> tables() { return all; }

sql::Sql clear_tables() { return sql::Sql(delete_all.data(), truncate_all.data()); }

sql::Sql lock_tables() { return sql::Sql(lock_all.data()); }

}  // namespace propusk::copy
