// Task<T>: the coroutine type of this project, tied to a concrete executor so that awaiting costs no type erasure.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace propusk {

using Executor = boost::asio::io_context::executor_type;
/// Awaited by its caller; only http/connection, platform workers and cli spawn (STYLE.md §7).
/// Parameters are values or owned by the caller's frame; lambdas with captures are never coroutines.
template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

}  // namespace propusk
