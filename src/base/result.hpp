// CO_TRY: carries refusals through coroutines and plain functions without nesting.
#pragma once
#include <expected>
#include <utility>

/// Evaluates `expression` (a std::expected). On an error, leaves the enclosing coroutine with that error;
/// otherwise `name` is the value. The only macros of this project.
#define CO_TRY(name, expression)                                                       \
  auto name##_or_error = (expression);                                                 \
  if (!name##_or_error) co_return std::unexpected(std::move(name##_or_error).error()); \
  auto& name = *name##_or_error

/// The same for plain functions.
#define TRY(name, expression)                                                       \
  auto name##_or_error = (expression);                                              \
  if (!name##_or_error) return std::unexpected(std::move(name##_or_error).error()); \
  auto& name = *name##_or_error
