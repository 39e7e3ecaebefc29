// Scans the maildir whenever inotify tells of a new file.
#include "tests/support/mailbox.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>

namespace propusk::testing {
namespace {
namespace fs = std::filesystem;
constexpr std::chrono::seconds patience{20};

class FolderWatch {
 public:
  explicit FolderWatch(const fs::path& folder) : descriptor_(::inotify_init1(IN_CLOEXEC)) {
    if (::inotify_add_watch(descriptor_, folder.c_str(), IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE) < 0)
      throw std::runtime_error("there is no maildir " + folder.string());
  }
  ~FolderWatch() { ::close(descriptor_); }
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;
  /// Until something happens in the folder, or the deadline.
  void wait(std::chrono::steady_clock::time_point until) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd watched{.fd = descriptor_, .events = POLLIN, .revents = 0};
    char events[4'096];
    if (::poll(&watched, 1, std::max(0, static_cast<int>(left.count()))) > 0 &&
        ::read(descriptor_, events, sizeof events) < 0)
      throw std::runtime_error("cannot watch the maildir");
  }

 private:
  int descriptor_;
};

/// Quoted-printable undone, over a whole message.
std::string decoded(const std::string& message) {
  std::string out;
  for (std::size_t at = 0; at < message.size(); ++at) {
    const std::string hex = message[at] == '=' ? message.substr(at + 1, 2) : "";
    if (hex == "\r\n") {
      at += 2;
    } else if (hex.starts_with('\n')) {
      at += 1;
    } else if (hex.size() == 2 && hex.find_first_not_of("0123456789ABCDEF") == std::string::npos) {
      out.push_back(static_cast<char>(std::stoi(hex, nullptr, 16)));
      at += 2;
    } else {
      out.push_back(message[at]);
    }
  }
  return out;
}

std::string header(const std::string& message, const std::string& name) {
  const std::size_t at = ("\n" + message).find("\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 2;
  const std::string value = message.substr(begin, message.find_first_of("\r\n", begin) - begin);
  const std::size_t angle = value.find('<');
  return angle == std::string::npos ? value : value.substr(angle + 1, value.find('>') - angle - 1);
}

/// The body of the part of that type, in a message of our own making: lines end with LF, no part contains another.
std::string part(const std::string& message, const std::string& type) {
  const std::size_t head = message.find("\nContent-Type: " + type);
  const std::size_t begin = head == std::string::npos ? head : message.find("\n\n", head);
  if (begin == std::string::npos) return {};
  const std::string body = decoded(message.substr(begin + 2, message.find("\n--", begin) - begin - 2));
  return body.substr(0, body.find_last_not_of('\n') + 1);
}

Received read(const std::string& message) {
  const std::string type = header(message, "Content-Type");
  return {.recipient = header(message, "To"),
          .text = decoded(message),
          .subject = header(message, "Subject"),
          .content_type = type.substr(0, type.find(';')),
          .plain = part(message, "text/plain"),
          .html = part(message, "text/html")};
}
}  // namespace

std::vector<std::string> Received::links(std::string_view path) const {
  std::vector<std::string> found;
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + 1)) {
    const std::string link = text.substr(at, text.find_first_of("\"'<> \r\n)", at) - at);
    if (std::ranges::find(found, link) == found.end()) found.push_back(link);
  }
  return found;
}

std::vector<Received> Mailbox::letters() const {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder_)) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Received> letters;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    letters.push_back(read({std::istreambuf_iterator<char>(in), {}}));
  }
  return letters;
}

std::vector<Received> Mailbox::wait_for(std::string_view recipient, std::string_view text, std::size_t count) const {
  const FolderWatch watch(folder_);
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    std::vector<Received> found = letters();
    std::erase_if(found, [&](const Received& it) { return it.recipient != recipient || !it.text.contains(text); });
    if (found.size() >= count) return found;
    if (std::chrono::steady_clock::now() >= until)
      throw std::runtime_error("no letter to " + std::string(recipient) + " within 20 s");
    watch.wait(until);
  }
}

}  // namespace propusk::testing
