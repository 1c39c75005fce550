// SPDX-License-Identifier: GPL-2.0-only
//
// A location becomes an object at its first marked access, under the name that access spells.
// Objects are found by address; the table is searched, never walked, so addresses decide nothing.

#include "models/kernel/marked_access.h"

#include <cstdint>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/per_execution.h"

namespace models::kernel::internal {

using heddle::Execution;
using heddle::ObjectId;
using heddle::OperationType;
using heddle::SourceLocation;

namespace {

constexpr heddle::ObjectType kLocation{.noun = "location"};

constexpr OperationType kLoad{.verb = "load", .access = heddle::AccessMode::kRead};
constexpr OperationType kStore{.verb = "store"};
constexpr OperationType kExchange{.verb = "exchange"};

// Open addressing; at most half full. Entries of earlier executions are free.
class location_table {
 public:
  void reset() { used_ = 0; }

  // Returns the place for `address`: its entry, or a free one.
  heddle::ObjectRef* find(const void* address) {
    if (2 * (used_ + 1) > entries_.size()) grow();
    entry& found = slot(address);
    if (!is_current(found)) {
      found = {.address = address, .serial = Execution::Current().serial(), .ref = {}};
      ++used_;
    }
    return &found.ref;
  }

 private:
  struct entry {
    const void* address = nullptr;
    uint32_t serial = 0;
    heddle::ObjectRef ref;
  };

  static bool is_current(const entry& e) { return e.serial == Execution::Current().serial(); }

  entry& slot(const void* address) {
    constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;
    const size_t mask = entries_.size() - 1;
    size_t index = (reinterpret_cast<uintptr_t>(address) * kMultiplier >> 32) & mask;
    while (is_current(entries_[index]) && entries_[index].address != address) {
      index = (index + 1) & mask;
    }
    return entries_[index];
  }

  void grow() {
    const heddle::internal::RuntimeScope scope;
    std::vector<entry> old(entries_.empty() ? 64 : 2 * entries_.size());
    old.swap(entries_);
    for (const entry& e : old) {
      if (is_current(e)) slot(e.address) = e;
    }
  }

  std::vector<entry> entries_;
  size_t used_ = 0;
};

per_execution<location_table> locations;

// The object at `address`. Memory that was freed and is used again holds another one.
ObjectId object_at(const void* address, const char* name) {
  Execution& execution = Execution::Current();
  heddle::ObjectRef* const ref = locations->find(address);
  if (execution.IsKnown(*ref)) {
    const ObjectId id{ref->id};
    if (execution.object(id).destroyed_at == 0) return id;
    *ref = {};
  }
  const ObjectId id = execution.Resolve(ref, kLocation, name);
  execution.object(id).address = address;
  return id;
}

bool acquires(memory_order order) {
  return order == memory_order::acquire || order == memory_order::full;
}

bool releases(memory_order order) {
  return order == memory_order::release || order == memory_order::full;
}

}  // namespace

void name_location(const void* address, const char* name) {
  object_at(address, name);
}

marked_access::marked_access(const void* address, access_kind kind, const char* name,
                             SourceLocation where)
    : object_(object_at(address, name)) {
  const OperationType& type = kind == access_kind::load    ? kLoad
                              : kind == access_kind::store ? kStore
                                                           : kExchange;
  Execution::Current().SchedulingPoint({.type = &type, .object = object_, .where = where});
}

void marked_access::loaded(memory_order order) const {
  Execution& execution = Execution::Current();
  if (!acquires(order)) return;
  execution.happens_before().Acquire(execution.running().id, execution.object(object_));
}

// What a store without release order overwrites, and what it had released, is gone.
void marked_access::stored(memory_order order) const {
  Execution& execution = Execution::Current();
  heddle::Object& object = execution.object(object_);
  if (releases(order)) {
    execution.happens_before().ReleaseStore(execution.running().id, &object);
  } else {
    execution.happens_before().Forget(&object);
  }
}

// What earlier stores released is passed on by an exchange, whatever its order.
void marked_access::exchanged(memory_order order) const {
  Execution& execution = Execution::Current();
  loaded(order);
  if (!releases(order)) return;
  execution.happens_before().Release(execution.running().id, &execution.object(object_));
}

}  // namespace models::kernel::internal
