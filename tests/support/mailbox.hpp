// Mailbox: reads the letters that a test server has delivered into its maildir.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace propusk::testing {

/// One message, its transfer encoding undone.
struct Received {
  std::string recipient, text;
  std::string subject;       ///< as written: encoded words are left as they are
  std::string content_type;  ///< of the whole message, without parameters
  std::string plain, html;   ///< its two bodies, without the line ends behind them
  /// The paths of the links below `path`, each once, in order: "/auth/restore/" gives "/auth/restore/Nw/…/".
  [[nodiscard]] std::vector<std::string> links(std::string_view path) const;
};

class Mailbox {
 public:
  /// Of the server whose data directory this is.
  explicit Mailbox(const std::filesystem::path& data_directory) : folder_(data_directory / "mail" / "new") {}
  /// Everything that has been delivered so far.
  [[nodiscard]] std::vector<Received> letters() const;
  /// Letters to `recipient` that contain `text`, once there are `count` of them. Throws after 20 s.
  [[nodiscard]] std::vector<Received> wait_for(std::string_view recipient, std::string_view text,
                                               std::size_t count = 1) const;
  /// The paths of the links below `path` in the first letter to `recipient` that has one.
  [[nodiscard]] std::vector<std::string> wait_for_links(std::string_view recipient, std::string_view path) const {
    return wait_for(recipient, path).front().links(path);
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace propusk::testing
