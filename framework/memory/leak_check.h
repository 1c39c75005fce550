// SPDX-License-Identifier: MIT
//
// LeakCheck: live heap blocks that nothing leads to any more.
//
// A conservative scan: whatever looks like an address in a block, aligned, keeps that block, and
// what lies in it, from being a leak. Roots are scanned in stages, the costly ones only if a block
// has not been reached before.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/memory/arena.h"

namespace heddle {

class LeakCheck {
 public:
  struct Range {
    uintptr_t begin = 0;
    size_t size = 0;
  };

  explicit LeakCheck(const Arena& arena) : arena_(arena) {}

  // Begins the search over the blocks of this execution.
  void Begin();

  // Returns whether a live block has not been reached yet.
  bool HasUnreached() const { return unreached_ > 0; }

  // Follows all that looks like a pointer in `range`. REQUIRES: the range is readable.
  void Scan(const Range& range);

  // Returns the live blocks that have been reached so far, kept ones of earlier executions
  // included. Valid until the next call of a member.
  std::span<const Block* const> Reached();

  // Returns the blocks that were not reached, in order of allocation. Valid until the next call of
  // a member.
  std::span<const Block* const> Leaks();

 private:
  // By block: those of this execution, behind them the kept ones.
  enum class Mark : uint8_t { kNone, kReached, kNeverALeak };

  void ScanWords(const Range& range);
  void Reach(const Block& block);
  const Block& BlockAt(size_t index) const;
  size_t IndexOf(const Block& block) const;

  const Arena& arena_;
  size_t unreached_ = 0;
  std::vector<Mark> marks_;
  std::vector<const Block*> pending_;  // Reached, but not scanned.
  std::vector<const Block*> selected_;
};

// Returns the writable data of the program and of the libraries it has loaded, thread-local data
// included.
std::span<const LeakCheck::Range> GlobalData();

}  // namespace heddle
