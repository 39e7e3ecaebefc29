// A log cuts long values, so every line of a letter is a line of its own.
#include "platform/mail/log_transport.hpp"

#include "platform/mail/plain_text.hpp"

namespace propusk::platform {

Task<core::Delivery> LogTransport::send(const OutgoingMail& mail, Deadline) {
  if (log_) {
    log_(std::string(core::row_of(mail.kind).name) + " to " + plain_text(mail.to.text()) + ": " +
         plain_text(mail.subject));
    for (std::string_view rest = mail.text; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (end > 0) log_(plain_text(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  co_return core::Delivery{core::Delivery::Outcome::accepted, "written to the log"};
}

}  // namespace propusk::platform
