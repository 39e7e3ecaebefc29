// The check of a template: what it may hold, and where in which file it does not. ctemplate itself only writes to
// stderr.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/language.hpp"
#include "core/outbox/mailer.hpp"

namespace propusk::platform {

/// What a file of templates is for.
struct TemplateRole {
  enum class Form : std::uint8_t { subject, text, html, frame };
  Form form{};
  core::MailKind kind{};  ///< of a frame: any
  Language language{};    ///< of a frame: any
};
/// The role of a file by its name: KIND.LANGUAGE.subject.txt, KIND.LANGUAGE.txt, KIND.LANGUAGE.html, frame.html.
std::optional<TemplateRole> template_role(std::string_view file_name);

/// The bits of the kinds of letters that a marker belongs to.
using Kinds = std::uint32_t;
constexpr Kinds kinds_of(auto... kinds) { return ((Kinds{1} << static_cast<unsigned>(kinds)) | ...); }
inline constexpr Kinds every_kind = (Kinds{1} << core::mail_kinds.size()) - 1;
inline constexpr Kinds of_connections =
    kinds_of(core::MailKind::identity_connected, core::MailKind::identity_disconnected);
inline constexpr Kinds notices =
    of_connections | kinds_of(core::MailKind::password_changed, core::MailKind::email_change_asked,
                              core::MailKind::email_changed, core::MailKind::new_device);
/// One link for each account of the address.
inline constexpr Kinds per_account =
    kinds_of(core::MailKind::recovery, core::MailKind::password_reset, core::MailKind::username_reset);
/// One link, of one account.
inline constexpr Kinds single_link =
    kinds_of(core::MailKind::email_change, core::MailKind::activation, core::MailKind::email_replaced);
/// What these tell of happened somewhere: a client and a device may be named.
inline constexpr Kinds placed =
    notices | kinds_of(core::MailKind::activation, core::MailKind::confirmation, core::MailKind::email_replaced);

/// A place for a value. Values are one line of printable text; HTML escapes them for where they stand.
struct Marker {
  std::string_view name;         ///< {{NAME}}, or {{#NAME}}…{{/NAME}} of a section
  Kinds kinds;                   ///< of letters that have it
  std::string_view within = {};  ///< the section that it stands in; "" = anywhere
  bool is_section = false;
  bool in_subject = false, in_frame = false;
};
/// All of them; docs/reference/mail-templates.md says what each holds.
inline constexpr std::array markers{
    Marker{.name = "SITE", .kinds = every_kind, .in_subject = true, .in_frame = true},
    Marker{.name = "ORIGIN", .kinds = every_kind, .in_subject = true, .in_frame = true},
    Marker{.name = "LANGUAGE", .kinds = every_kind, .in_frame = true},
    Marker{.name = "RECIPIENT", .kinds = every_kind},
    Marker{.name = "WHEN", .kinds = every_kind, .in_subject = true},
    Marker{.name = "ACCOUNT", .kinds = per_account, .is_section = true},
    Marker{.name = "USERNAME", .kinds = per_account, .within = "ACCOUNT"},
    Marker{.name = "LINK", .kinds = per_account, .within = "ACCOUNT"},
    Marker{.name = "USERNAME",
           .kinds = single_link | notices | kinds_of(core::MailKind::confirmation),
           .in_subject = true},
    Marker{.name = "LINK", .kinds = single_link},
    Marker{.name = "NEW_EMAIL",
           .kinds = kinds_of(core::MailKind::email_change_asked, core::MailKind::email_changed,
                             core::MailKind::email_replaced)},
    Marker{.name = "PROVIDER", .kinds = of_connections, .in_subject = true},
    Marker{.name = "IF_CLIENT", .kinds = placed, .is_section = true},
    Marker{.name = "CLIENT", .kinds = placed, .within = "IF_CLIENT"},
    Marker{.name = "IF_DEVICE", .kinds = placed, .is_section = true},
    Marker{.name = "DEVICE", .kinds = placed, .within = "IF_DEVICE"},
};

/// Throws Outage `FILE:LINE: what is wrong and what to do` unless `text` is a usable template of this role: UTF-8
/// without controls, every marker known, closed and where it belongs, sections balanced, a subject of one line, the
/// link of a letter that is about one, and in the frame the letter once.
void check_template(std::string_view file, const TemplateRole& role, std::string_view text);

}  // namespace propusk::platform
