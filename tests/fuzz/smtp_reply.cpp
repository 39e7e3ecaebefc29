// Fuzzes what mail servers answer and who mail goes to: however the bytes are cut, the replies are the same and
// printable, and an address that passes holds nothing that could be a command.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bug.hpp"
#include "platform/mail/mailbox.hpp"
#include "platform/mail/mime_message.hpp"
#include "platform/mail/plain_text.hpp"
#include "platform/mail/smtp_reply.hpp"

namespace {
using namespace propusk;
using namespace propusk::platform;

std::vector<std::string> replies(std::string_view input, std::size_t piece) {
  SmtpReplyReader reader;
  std::vector<std::string> texts;
  for (; !input.empty(); input.remove_prefix(std::min(piece, input.size()))) {
    reader.feed(input.substr(0, piece));
    while (const auto reply = reader.take()) {
      require(reply->text.size() <= answer_limit && plain_text(reply->text) == reply->text, "an answer is printable");
      require(reply->code >= 200 && reply->code < 600, "a code is one of SMTP");
      delivery_of(*reply);
      texts.push_back(reply->text);
    }
  }
  return texts;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  if (size < 8'192) require(replies(input, 1) == replies(input, size), "cuts do not matter");  // below the cap
  if (const auto address = mailbox(input)) {
    require(address->text().find_first_of("\r\n\t<>") == std::string::npos || address->local.starts_with('"'),
            "an address is no command");
    require(plain_text(address->text()) == address->text(), "an address is printable");
    require(mailbox(address->text()).has_value(), "what passed passes again");
  }
  const std::string line = header_line("Subject", input);
  require(line.ends_with("\r\n") && line.find('\n') == line.find("\r\n") + 1, "lines end with CRLF");
  for (std::size_t at = 0; (at = line.find('\n', at)) != std::string::npos && ++at < line.size();)
    require(line[at] == ' ', "a subject is one header");
  return 0;
}
