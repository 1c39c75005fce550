// SPDX-License-Identifier: MIT
//
// Shared<T>: plain data that tasks share. Each access is checked for data races and for the life of
// its memory, whether or not the file is compiled with the compiler's instrumentation.
//
//   heddle::Shared<int> balance{50, "balance"};
//   balance.Set(balance.Get() + 1);    // A race, unless a lock is held.
//
// A value that is found to race becomes a scheduling location: from the next round of the search on
// tasks may be switched before each access to it.
//
// An object is one value: accesses to different members of a T race with each other. What a T
// points to is not watched.
//
// INVARIANT: no access escapes the race detector while a task's own code runs. Code that runs at
// other times, such as invariants, reads the value freely.

#pragma once

#include <cstddef>
#include <utility>

#include "heddle/base/source_location.h"
#include "heddle/core/runtime_scope.h"

namespace heddle {

namespace internal {

// Lets the running task access the data of a Shared.
void AccessShared(const void* data, size_t size, bool is_write, SourceLocation where);

// Makes data on the stack of the running task known by `name`, and its end known to everybody.
void BeginShared(const void* data, size_t size, const char* name, SourceLocation where);
void EndShared(const void* data, SourceLocation where);

}  // namespace internal

template <class T>
class Shared {
 public:
  // `name` is what reports call the value where it lies on the stack of a task; elsewhere they name
  // its block or its variable. It must outlive the execution.
  explicit Shared(T value = T(), const char* name = "shared",
                  SourceLocation where = SourceLocation::Here())
      : value_(std::move(value)) {
    internal::BeginShared(this, sizeof(*this), name, where);
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  ~Shared() { internal::EndShared(this, {}); }

  // Returns the value: one plain read.
  //
  // Scheduling point: before the access, once it has become a scheduling location.
  // Blocks:           never.
  // Fails:            kDataRace at the end of an execution in which another task's access is not
  //                   ordered with it; kUseAfterFree, kStackUseAfterReturn and the other findings
  //                   of memory.
  // REQUIRES:         nothing; outside a task nobody watches.
  HEDDLE_UNINSTRUMENTED T Get(SourceLocation where = SourceLocation::Here()) const {
    internal::AccessShared(&value_, sizeof(T), false, where);
    return value_;
  }

  // Makes `value` the value: one plain write.
  //
  // Scheduling point: as Get. Blocks: never. Fails: as Get. REQUIRES: nothing.
  HEDDLE_UNINSTRUMENTED void Set(T value, SourceLocation where = SourceLocation::Here()) {
    internal::AccessShared(&value_, sizeof(T), true, where);
    value_ = std::move(value);
  }

  // Makes `change(value)` the value: a plain read and then a plain write, between which others may
  // come. Returns the new value.
  //
  // Scheduling point: as Get, for each of the two. Blocks: never. Fails: as Get.
  // REQUIRES:         nothing.
  template <class Function>
  T Update(Function change, SourceLocation where = SourceLocation::Here()) {
    const T changed = change(Get(where));
    Set(changed, where);
    return changed;
  }

 private:
  T value_;
};

}  // namespace heddle
