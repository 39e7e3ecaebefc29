// Mail administration: what an operator may do to the outbox. Every change leaves an audit event in its transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "core/admin/administration.hpp"
#include "core/outbox/mail.hpp"

namespace propusk::core {

/// Newest first; of one state or of all; after `before` in that order, for paging.
Task<Result<std::vector<Mail>>> list_mail(std::optional<MailState> state, std::optional<MailId> before,
                                          std::size_t limit, Operator by, AdministrationDeps deps);
/// Refuses mail_unknown.
Task<Result<Mail>> find_mail(MailId id, Operator by, AdministrationDeps deps);
/// Puts a dead, expired or cancelled mail back into the queue, due now and with its whole lifetime again; a queued one
/// becomes due now. Refuses mail_unknown, also for one that was sent.
Task<Result<Mail>> retry_mail(MailId id, Operator by, AdministrationDeps deps);
/// Cancels a queued or dead mail. Refuses mail_unknown, also for any other.
Task<Result<Mail>> drop_mail(MailId id, Operator by, AdministrationDeps deps);
/// Sends a test mail at once, past the queue, and says what the server answered. Refuses email_malformed.
Task<Result<Delivery>> test_mail(std::string address, Operator by, AdministrationDeps deps);

}  // namespace propusk::core
