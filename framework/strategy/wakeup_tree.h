// SPDX-License-Identifier: MIT
//
// WakeupTree: sequences of steps that still have to be explored from one point of an execution on.
//
// After Abdulla, Aronsson, Jonsson, Sagonas: Source sets: a foundation for optimal dynamic partial
// order reduction (JACM 2017). Each path from the root is the beginning of an execution that
// reverses some race; exploring along it meets no execution twice.
//
// INVARIANTS
//   1. No two siblings have the same task and the same values, but where one covers nothing.
//   2. A sequence is inserted only if no path of the tree is the beginning of an equivalent one.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "heddle/core/choice.h"
#include "heddle/core/step_log.h"

namespace heddle {

// A step of a sequence, independent of the execution that it was found in.
struct WakeupStep {
  TaskId task;
  std::vector<StepAccess> accesses;
  // The value decisions that the step took.
  std::vector<uint32_t> values;
};

class WakeupTree {
 public:
  struct Node {
    WakeupStep step;
    std::vector<std::unique_ptr<Node>> children;
    // No race led here. What sleeps at this point may sleep on behind the step, so that not
    // everything is explored there.
    bool covers_nothing = false;
  };

  // The sequence to insert: `steps`, and which of its pairs are ordered.
  struct Sequence {
    std::vector<WakeupStep> steps;
    // before[j] has bit... row j lists the indices i < j with step i before step j in the order.
    std::vector<std::vector<uint32_t>> before;
  };

  bool empty() const { return children_.empty(); }
  const Node& First() const { return *children_.front(); }

  // What begins with one step. Where the step takes other values, it is another one.
  struct Branch;

  // Takes out the first branch, and all others whose first step is one of the same task. Returns
  // one for each that differs in its values, in order. REQUIRES: the tree is not empty.
  std::vector<Branch> TakeFirst();

  // Adds a branch of one step unless its task begins one already. Unlike the others it covers no
  // sequence that is inserted later.
  void InsertFirst(const WakeupStep& step);

  // Adds a branch for `sequence` unless the tree covers it already.
  void Insert(const Sequence& sequence);

 private:
  using Children = std::vector<std::unique_ptr<Node>>;

  Children children_;
};

struct WakeupTree::Branch {
  WakeupStep step;
  WakeupTree rest;
};

// Returns whether any access of one step depends on any of the other.
bool AreDependent(std::span<const StepAccess> a, std::span<const StepAccess> b);

}  // namespace heddle
