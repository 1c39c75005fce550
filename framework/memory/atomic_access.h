// SPDX-License-Identifier: MIT
//
// AtomicAccess: an atomic access of the running task to plain memory: READ_ONCE, WRITE_ONCE and
// atomic operations as the compiler's hooks report them.
//
// Memory is sequentially consistent whatever order is asked for; the order only says which accesses
// create happens-before (release and acquire operations and fences, C++20's release sequences).
// Each access is marked: two of them do not race.
//
//   AtomicAccess access(address, size, AtomicEffect::kExchange, place);   // Stands here.
//   ... perform it ...
//   access.Performed(AtomicEffect::kExchange, std::memory_order_acq_rel);

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "heddle/base/ids.h"
#include "heddle/memory/origin.h"

namespace heddle {

enum class AtomicEffect : uint8_t { kLoad, kStore, kExchange };

class AtomicAccess {
 public:
  // Stands at the access until the running task takes its next step.
  //
  // Scheduling point: before the access. Fails: with what AccessCheck finds.
  AtomicAccess(uintptr_t address, size_t size, AtomicEffect intent, const CodePlace& place);
  AtomicAccess(const AtomicAccess&) = delete;
  AtomicAccess& operator=(const AtomicAccess&) = delete;

  // The access has been performed, in the same step. `effect` is what it came to: a
  // compare-exchange that fails is a load.
  void Performed(AtomicEffect effect, std::memory_order order) const;

 private:
  ObjectId object_;
};

// Orders an access to `object` that the running task performs in this step: what a release told
// is known to who acquires it.
void OrderAtomic(ObjectId object, AtomicEffect effect, std::memory_order order);

// The running task passes a fence. Scheduling point: none; a fence alone changes nothing.
void PassFence(std::memory_order order);

}  // namespace heddle
