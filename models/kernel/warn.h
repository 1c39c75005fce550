// SPDX-License-Identifier: GPL-2.0-only
//
// Warnings: WARN_ON and what primitives complain about.
//
// A warning is a finding and ends the execution, as on a kernel booted with panic_on_warn. A
// scenario that wants to see what happens after it says set_panic_on_warn(false): then a warning is
// a line of the trace.

#pragma once

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"
#include "heddle/core/failure.h"

namespace models::kernel {

// Returns the condition. Fails: kAssertion if it is true and warnings are findings.
#define WARN_ON(condition) \
  ::models::kernel::__warn_on(static_cast<bool>(condition), "WARN_ON(" #condition ")")
#define WARN_ON_ONCE(condition) \
  ::models::kernel::__warn_on(static_cast<bool>(condition), "WARN_ON_ONCE(" #condition ")")
// The kernel's format is dropped: `text` says what is wrong. There is no WARN: doctest has a macro
// of that name.
#define WARN_ONCE(condition, text, ...) \
  ::models::kernel::__warn_on(static_cast<bool>(condition), text)

bool __warn_on(bool condition, const char* text,
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// Says whether warnings are findings, from now on to the end of this execution. They are at its
// beginning.
void set_panic_on_warn(bool panic);

namespace internal {

// A warning of a primitive about `object`. Fails: `kind`, if warnings are findings.
void warn(heddle::FailureKind kind, heddle::ObjectId object, const char* text,
          heddle::SourceLocation where);

}  // namespace internal

}  // namespace models::kernel
