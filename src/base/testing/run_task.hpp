// run(): a task on a loop of its own until it is done, for tests that are not coroutines.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/task.hpp"

namespace propusk::testing {

template <class T>
Task<void> keep(Task<T> task, std::optional<T>& out) {
  out.emplace(co_await std::move(task));
}

/// What the task returns; rethrows.
template <class T>
T run(Task<T> task) {
  boost::asio::io_context io(1);
  std::optional<T> value;
  std::exception_ptr error;
  boost::asio::co_spawn(io, keep(std::move(task), value), [&error](std::exception_ptr thrown) { error = thrown; });
  io.run();
  if (error) std::rethrow_exception(error);
  return std::move(*value);
}

}  // namespace propusk::testing
