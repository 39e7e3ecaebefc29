// Completion: what every sign-in does once somebody is known, whatever vouched for them.
#pragma once
#include <optional>
#include <string>

#include "core/outbox/outbox.hpp"
#include "core/sessions/sessions.hpp"

namespace propusk::core {

struct SignedIn {
  AccountId account{};
  std::string email;            ///< as typed; "" if none
  bool kept_presented = false;  ///< a live credential of the same account was extended; the draft was not used
  bool made_account = false;    ///< a person whom a provider vouched for came for the first time
};

/// What the write of a sign-in needs beside the grant; owned by it, because it may outlive its request.
struct SignInCompletion {
  CredentialDraft draft;
  std::optional<Digest> presented;  ///< the credential that the client already sends, if any
  bool replaces_presented = false;  ///< ended even if it is the same account's: the new one is fresh
  AuditEvent event;
  Device device;
  std::string client;  ///< address, as text
  PostingDesk desk;    ///< for the notice of a new device
};

/// Whether the account was signed in to from there before.
bool is_known_device(const CredentialStore& credentials, AccountId account, const Device& device);

/// Opens the session, or keeps the presented one of the same account unless it is to be replaced; ends a presented one
/// of another; notes, tells, audits. Refuses as open_session().
Result<SignedIn> complete_sign_in(const SessionGrant& grant, const Account& account, bool is_known,
                                  const SignInCompletion& wanted);

}  // namespace propusk::core
