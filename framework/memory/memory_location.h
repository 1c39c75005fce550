// SPDX-License-Identifier: MIT
//
// MemoryLocation: a few bytes of memory, named so that every execution and process knows them
// again.
//
// Text, as schedules carry it (see heddle/core/locations.h):
//   hci_conn#1+8.4            4 bytes at offset 8 of the first block called "hci_conn"
//   global jiffies#1+0.8      of a global variable
//   stack of main#0+96.4      of a local of task 0: 96 bytes below the top of its stack

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heddle {

struct MemoryLocation {
  enum class Kind : uint8_t {
    kObject,  // A heap block or a registered frame object.
    kGlobal,
    kStack,  // Of a task, where nothing was registered.
  };

  Kind kind = Kind::kObject;
  std::string name;         // Of the block, the symbol or the task.
  uint32_t occurrence = 0;  // Among blocks or symbols of that name, from 1; for a stack, the task.
  uint64_t offset = 0;
  uint32_t size = 0;

  friend bool operator==(const MemoryLocation&, const MemoryLocation&) = default;
};

std::string MemoryLocationText(const MemoryLocation& location);

// Returns nothing for a text that names no memory, such as the release of a lock.
std::optional<MemoryLocation> ParseMemoryLocation(std::string_view text);

}  // namespace heddle
