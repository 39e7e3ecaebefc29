// Mailer: the port through which a letter leaves. What a letter says is here; its words are the platform's.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "core/links/link.hpp"

namespace propusk::core {

/// Why a letter is written; each has a template in every language.
enum class MailKind : std::uint8_t {
  recovery,            ///< one link per account of the address
  email_change,        ///< to the new address: a link that makes it the account's own
  password_changed,    ///< notices: to the address of the account
  email_change_asked,  ///< to the old address: somebody asked to replace it
  email_changed,       ///< to the old address: it has been replaced
  new_device,
  activation,             ///< a link that makes a pending account active, and one for "not me"
  confirmation,           ///< a new account is ready for use
  password_reset,         ///< as recovery, in the words and with the links of the dialect that asked (djoser)
  username_reset,         ///< one link per account of the address, for another username
  email_replaced,         ///< to the old address: it has been replaced at once, with a link that undoes it
  identity_connected,     ///< notices too: somebody can sign in by a provider now
  identity_disconnected,  ///< or can no longer
  test,                   ///< an operator asked for it
};

struct MailKindRow {
  MailKind kind;
  std::string_view name;                 ///< as stored, as in template files and metrics
  std::chrono::seconds lifetime;         ///< after it nobody needs the letter any more; of a link mail: its link's
  std::optional<LinkPurpose> purpose{};  ///< what its links do; nothing for a letter without
};
constexpr MailKindRow link_mail(MailKind kind, std::string_view name, LinkPurpose purpose) {
  return {kind, name, row_of(purpose).lifetime, purpose};
}
/// The registry; tests iterate it.
inline constexpr std::array mail_kinds{
    link_mail(MailKind::recovery, "recovery", LinkPurpose::recovery),
    link_mail(MailKind::email_change, "email_change", LinkPurpose::email_change),
    // RFC 5321 §4.5.4.1: give up after 4 to 5 days; a notice of four days ago still warns.
    MailKindRow{MailKind::password_changed, "password_changed", std::chrono::seconds{345'600}},
    MailKindRow{MailKind::email_change_asked, "email_change_asked", std::chrono::seconds{345'600}},
    MailKindRow{MailKind::email_changed, "email_changed", std::chrono::seconds{345'600}},
    MailKindRow{MailKind::new_device, "new_device", std::chrono::seconds{345'600}},
    link_mail(MailKind::activation, "activation", LinkPurpose::activation),
    MailKindRow{MailKind::confirmation, "confirmation", std::chrono::seconds{345'600}},
    link_mail(MailKind::password_reset, "password_reset", LinkPurpose::recovery),
    link_mail(MailKind::username_reset, "username_reset", LinkPurpose::username_reset),
    link_mail(MailKind::email_replaced, "email_replaced", LinkPurpose::email_undo),
    MailKindRow{MailKind::identity_connected, "identity_connected", std::chrono::seconds{345'600}},
    MailKindRow{MailKind::identity_disconnected, "identity_disconnected", std::chrono::seconds{345'600}},
    MailKindRow{MailKind::test, "test", std::chrono::seconds{3'600}},
};
constexpr const MailKindRow& row_of(MailKind kind) { return mail_kinds[static_cast<std::size_t>(kind)]; }
/// Nothing for a name that is no kind.
std::optional<MailKind> mail_kind(std::string_view name);

/// What a notice tells of the thing that happened; "" where it is not known.
struct MailFacts {
  std::string client;       ///< address it came from, as text
  std::string device;       ///< user agent, at most 200 bytes of printable text
  std::string other_email;  ///< email_change_asked, email_changed, email_replaced: the new address
  std::string provider{};   ///< identity_connected, identity_disconnected: its name for people
};

/// One letter, ready for words. Texts are as people typed them: whoever writes a message escapes them.
struct Letter {
  std::int64_t id = 0;  ///< of the outbox row: the Message-ID is made of it, the same on every attempt
  MailKind kind{};
  Language language{};
  std::string recipient;  ///< as stored; the only address it goes to
  Instant created_at{};   ///< when its cause happened; the Date of the message
  /// An account that the letter is about, with the whole URL of its link where the kind has one.
  struct Door {
    std::string username;
    Secret<> link;
  };
  std::vector<Door> doors;
  MailFacts facts;
};

/// What became of an attempt.
struct Delivery {
  enum class Outcome : std::uint8_t {
    accepted,     ///< the server has taken the message (250 after the final dot), or it lies durably in the maildir
    refused,      ///< permanently, this message or this recipient (5xx): never tried again by itself
    delayed,      ///< this recipient, for now (4xx)
    unreachable,  ///< no route could be used at all: connect, TLS, AUTH or a broken connection. The outcome of a
                  ///< connection that broke after the final dot is unknown, so it is tried again too
  };
  Outcome outcome{};
  std::string answer;  ///< the server's words or the failure, for operators; no secret, printable, at most 500 bytes
};

class Mailer {
 public:
  virtual ~Mailer() = default;
  /// Tries once, over all routes in their order. Never throws for what the network does; `delayed` for whatever else
  /// goes wrong. A letter that cannot be written (an address with control characters, say) is `refused`.
  virtual Task<Delivery> deliver(Letter letter, Deadline deadline) = 0;
};

}  // namespace propusk::core
