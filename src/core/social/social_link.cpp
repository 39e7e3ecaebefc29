// Mailboxes are compared to the byte, but for the case of ASCII letters: what only looks alike is another one.
#include "core/social/social_link.hpp"

namespace propusk::core {

std::string mailbox_of(std::string_view email) {
  std::string out(email);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

}  // namespace propusk::core
