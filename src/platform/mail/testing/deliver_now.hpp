// deliver_now: runs deliveries to their end, for tests.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "platform/mail/mailer.hpp"

namespace propusk::platform::testing {

inline Task<void> deliver_into(core::Mailer& mailer, core::Letter letter, Deadline deadline,
                               std::optional<core::Delivery>& result) {
  result = co_await mailer.deliver(std::move(letter), deadline);
}

/// A deadline that no passing test reaches.
inline Deadline no_hurry() { return std::chrono::steady_clock::now() + std::chrono::minutes{1}; }

inline core::Delivery deliver_now(boost::asio::io_context& context, core::Mailer& mailer, core::Letter letter,
                                  Deadline deadline = no_hurry()) {
  std::optional<core::Delivery> result;
  boost::asio::co_spawn(context, deliver_into(mailer, std::move(letter), deadline, result), boost::asio::detached);
  context.restart();
  while (!result && context.run_one() > 0) {
  }
  return result.value_or(core::Delivery{core::Delivery::Outcome::refused, "the task never ended"});
}

}  // namespace propusk::platform::testing
