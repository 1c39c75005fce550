// SPDX-License-Identifier: MIT
//
// Origin: who touched memory, when and where: enough to print one entry of a memory history.

#pragma once

#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/base/source_location.h"

namespace heddle {

// A call stack kept in a CallStackLog; 0 stands for one that was not recorded.
using CallStackId = internal::Id<struct CallStackIdTag, uint32_t>;

// Where in the program: as a hook knows it, or as a primitive was told.
struct CodePlace {
  uintptr_t pc = 0;      // Return address into the code; 0 if unknown.
  SourceLocation where;  // Line 0 if unknown.
};

struct Origin {
  TaskId task = kNoTask;
  uint64_t step = 0;
  CodePlace place;
  CallStackId stack;
};

}  // namespace heddle
