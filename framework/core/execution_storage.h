// SPDX-License-Identifier: MIT
//
// ExecutionStorage: memory that lives exactly as long as an execution, outside of the checked heap.
//
// INVARIANT: what it returned stays where it is until Reset.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

class ExecutionStorage {
 public:
  // The most that one task may capture, in bytes.
  static constexpr size_t kCaptureMax = size_t{16} << 10;

  // Takes everything back. Blocks are kept for the next execution.
  void Reset();

  // Returns `size` bytes. REQUIRES: size <= kCaptureMax, alignment is a power of two.
  void* Allocate(size_t size, size_t alignment);

  // Returns a copy of `text` that is the same for equal texts.
  const char* Intern(std::string_view text);

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t used_ = 0;  // Bytes, of all blocks in turn.
  std::vector<std::unique_ptr<std::string>> texts_;
};

}  // namespace heddle
