// SPDX-License-Identifier: MIT
//
// CallSite: the place in the program that a call stands for which comes from the standard library:
// of operator new from a container, of a mutex from std::lock_guard.
//
// Functions of libraries and of the framework lie between that place and the call. Where the code
// is instrumented, its call stack leads through them, elsewhere the frame pointers do.

#pragma once

#include <cstdint>
#include <span>

#include "heddle/base/source_location.h"

namespace heddle {

struct CallSite {
  // What reports call memory from there, for neither type nor variable is known: "new in Push",
  // after the function. The text stays.
  const char* allocation_name = "new";
  // The return address into the innermost function of the program, or that of the call.
  uintptr_t pc = 0;
};

// A call, as the function that was called sees it.
struct LibraryCall {
  uintptr_t pc = 0;  // Return address.
  // Frame address, or null to follow `callers` only.
  const void* frame = nullptr;
  // Return addresses of the instrumented functions around it, outermost first.
  std::span<const void* const> callers;
};

// Returns the site of a call on the stack of a task. The first call for a place is slow.
CallSite FindCallSite(const LibraryCall& call);

// Returns where the site of `call` stands in the source, or `where`, where the library stands, if
// there is none. Fast for a place that is known. The texts stay.
SourceLocation FindCaller(const LibraryCall& call, SourceLocation where);

}  // namespace heddle
