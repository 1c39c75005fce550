// SPDX-License-Identifier: MIT
//
// HEDDLE_ENSURE: a condition that the program under test must fulfil, stated inside a task.
//
//   execution.JoinAll();
//   HEDDLE_ENSURE(link.chan.state == BT_CONNECTED);
//
// A broken one ends the execution with a failure of kind kAssertion that names the condition. It is
// no exception: doctest's REQUIRE throws and must stay outside of tasks.

#pragma once

#include <string_view>

#include "heddle/base/source_location.h"

namespace heddle::internal {

[[noreturn]] void EnsureFailed(std::string_view condition, SourceLocation where);

}  // namespace heddle::internal

#define HEDDLE_ENSURE(condition)                      \
  (__builtin_expect(static_cast<bool>(condition), 1)) \
      ? static_cast<void>(0)                          \
      : ::heddle::internal::EnsureFailed(#condition, ::heddle::SourceLocation::Here())
