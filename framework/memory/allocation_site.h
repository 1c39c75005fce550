// SPDX-License-Identifier: MIT
//
// AllocationSite: the place in the program that a call of operator new or delete stands for, and
// what reports call memory from there: "new in Push", after the function that asked for it, for
// neither type nor variable is known.
//
// Between that function and operator new lie functions of the standard library. Where the code is
// instrumented, its call stack leads through them, elsewhere the frame pointers do.

#pragma once

#include <cstdint>
#include <span>

namespace heddle {

struct AllocationSite {
  // The text stays.
  const char* name = "new";
  // The return address into the innermost function of the program, or into operator new's caller.
  uintptr_t pc = 0;
};

// A call of operator new or delete, as that function itself sees it.
struct AllocationCall {
  uintptr_t pc = 0;  // Return address.
  // Frame address, or null to follow `callers` only.
  const void* frame = nullptr;
  // Return addresses of the instrumented functions around it, outermost first.
  std::span<const void* const> callers;
};

// Returns the site of a call on the stack of a task. The first call for a place is slow.
AllocationSite FindAllocationSite(const AllocationCall& call);

}  // namespace heddle
