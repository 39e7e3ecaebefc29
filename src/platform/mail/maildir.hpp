// Maildir: messages as files in a directory (maildir(5)), for trials, tests and programs that fetch mail there.
#pragma once
#include <sys/types.h>

#include <filesystem>

#include "platform/mail/transport.hpp"

namespace propusk::platform {

/// The calls whose order makes a file durable; tests put their own in.
struct MaildirCalls {
  ssize_t (*write)(int, const void*, std::size_t);
  int (*fsync)(int);
  int (*rename)(const char*, const char*);
};
MaildirCalls system_maildir_calls();

class Maildir final : public Transport {
 public:
  /// Makes DIRECTORY, new/, cur/ and tmp/ (0700) where they are missing. Throws Outage when that fails.
  explicit Maildir(const std::filesystem::path& directory, MaildirCalls calls = system_maildir_calls());
  /// Writes tmp/NAME (0600, lines end with LF), syncs it, renames it to new/NAME and syncs that directory. NAME is made
  /// of the letter's time and id, so that another attempt replaces the file of the last. accepted: the message is
  /// durable; delayed: the disk is full or broken, and new/ holds nothing half-written.
  Task<core::Delivery> send(const OutgoingMail& mail, Deadline deadline) override;

 private:
  [[nodiscard]] core::Delivery store(const OutgoingMail& mail) const;
  [[nodiscard]] bool write_durably(const std::filesystem::path& file, std::string_view bytes) const;
  [[nodiscard]] bool sync_directory(const std::filesystem::path& directory) const;

  std::filesystem::path directory_;
  MaildirCalls calls_;
};

}  // namespace propusk::platform
