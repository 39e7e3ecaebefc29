// ProviderFactor: the one place where a provider's word becomes a proof.
#pragma once
#include "core/outbox/outbox.hpp"
#include "core/sessions/proof.hpp"
#include "core/social/new_person.hpp"
#include "core/social/social_link.hpp"

namespace propusk::core {

/// Whom to recognise, and how to write down what that changes. Lives in the write that needs it.
struct Recognition {
  VouchedIdentity identity;
  NewPerson new_person;
  AuditEvent event;   ///< another one than the sign-in's own; its action and account are set where it is written
  AuditEvent second;  ///< should two be needed
  PostingDesk desk;   ///< for the notice of a connection
  std::string label;  ///< of the provider, for people
  std::string client, device;
  bool links_by_mailbox = true;  ///< social.link_verified_email
};
struct Recognised {
  FirstFactorProof proof;
  Account account;
  SocialLink link;
  bool is_new = false;  ///< the account was made here
};

class ProviderFactor {
 public:
  /// The account behind the identity: by its connection, else by one that an old system kept under its address, else by
  /// a mailbox that is the provider's own and the only thing that opens the account, else a new one. Refuses
  /// email_taken, identity_taken (a race), account_disabled is told by admit() alone.
  static Result<Recognised> recognise(Transaction& transaction, const Recognition& wanted);
};

}  // namespace propusk::core
