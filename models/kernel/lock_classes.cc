// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/lock_classes.h"

#include <algorithm>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/rcu.h"

namespace models::kernel {

namespace {

struct registered_key {
  const lock_class_key* key = nullptr;
  bool has_class[MAX_LOCKDEP_SUBCLASSES] = {};
};

struct class_table {
  std::vector<registered_key> registered;
  unsigned int places_left = MAX_LOCKDEP_KEYS;
  bool is_on = true;

  void reset() {
    registered.clear();
    places_left = MAX_LOCKDEP_KEYS;
    is_on = true;
  }
};

per_execution<class_table> table;

auto find_key(const lock_class_key* key) {
  return std::ranges::find(table->registered, key, &registered_key::key);
}

}  // namespace

void lockdep_leave_room(unsigned int places) {
  table->places_left = places;
}

bool debug_locks() {
  return table->is_on;
}

bool internal::register_class_key(const lock_class_key* key) {
  if (find_key(key) != table->registered.end()) return false;
  const heddle::internal::RuntimeScope scope;
  table->registered.push_back({.key = key});
  return true;
}

// Whoever looks at a class meanwhile is waited for before another one takes its place.
bool internal::unregister_class_key(const lock_class_key* key, heddle::SourceLocation where) {
  const auto found = find_key(key);
  if (found == table->registered.end()) return false;
  const auto classes = std::ranges::count(found->has_class, true);
  table->registered.erase(found);
  synchronize_rcu(where);
  table->places_left += static_cast<unsigned int>(classes);
  return true;
}

bool internal::find_lock_class(const lock_class_key* key, u32 subclass,
                               heddle::SourceLocation where) {
  if (!table->is_on) return false;
  const auto found = find_key(key);
  if (found == table->registered.end() || found->has_class[subclass]) return true;
  if (table->places_left == 0) {
    table->is_on = false;
    heddle::Execution& execution = heddle::Execution::Current();
    if (execution.tracing()) execution.Note("BUG", "MAX_LOCKDEP_KEYS too low!", "", where);
    return false;
  }
  found->has_class[subclass] = true;
  --table->places_left;
  return true;
}

}  // namespace models::kernel
