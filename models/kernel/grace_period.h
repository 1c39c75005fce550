// SPDX-License-Identifier: GPL-2.0-only
//
// Grace periods: what RCU and the domains of SRCU share.
//
// Read sections are numbered in the order in which they begin. A grace period waits for the
// sections whose number is at most that of the last one that had begun when it began.
//
// What a reader did happens before the end of each grace period that waited for it, or that
// after it. What the writer did before a grace period happens before each section that begins after
// the beginning. Two readers are not ordered.

#pragma once

#include <vector>

#include "heddle/base/ids.h"
#include "heddle/core/object.h"
#include "heddle/core/task_set.h"
#include "models/kernel/types.h"

namespace models::kernel::internal {

struct grace_period {
  u64 last_section = 0;
  // What the readers that it waits for did. Only its clock is used.
  heddle::Object readers;
};

struct read_section {
  u64 number = 0;
  heddle::TaskId task = heddle::kNoTask;
};

class read_domain {
 public:
  // Forgets everything, for a new execution. `object` is what readers hold.
  void reset(heddle::ObjectId object);

  // The running task begins a section; returns its number.
  u64 begin_section();
  // The section ends. REQUIRES: the running task has it.
  void end_section(u64 number);
  // Returns whether the running task has a section of this number, or any.
  bool has_section(u64 number) const;
  bool has_sections() const { return !sections_.empty(); }

  // A grace period begins now. It is kept track of until it ends.
  void begin(grace_period* period);
  // The running task goes on after `period`. REQUIRES: is_over(*period).
  void end(grace_period* period);
  bool is_over(const grace_period& period) const;
  // Adds the tasks that `period` waits for.
  void add_readers(const grace_period& period, heddle::TaskSet* tasks) const;

  heddle::ObjectId object() const { return object_; }

 private:
  heddle::ObjectId object_;
  u64 last_number_ = 0;
  std::vector<read_section> sections_;
  std::vector<grace_period*> periods_;
  // What all readers that have ended did. Only its clock is used.
  heddle::Object ended_;
};

}  // namespace models::kernel::internal
