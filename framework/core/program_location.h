// SPDX-License-Identifier: MIT
//
// Where the program calls a primitive through the standard library: std::lock_guard's constructor
// locks a mutex, but the reader of a report wants to know who made the lock_guard.

#pragma once

#include "heddle/base/source_location.h"

namespace heddle::internal {

// Finds the caller of the library function at `where`, on the stack of the running task.
SourceLocation CallerOfLibrary(SourceLocation where);

// Returns `where`, or the place of the program that led there if it lies in an installed library.
inline SourceLocation InProgram(SourceLocation where) {
  return where.file[0] == '/' ? CallerOfLibrary(where) : where;
}

}  // namespace heddle::internal
