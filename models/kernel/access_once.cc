// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/access_once.h"

#include <cstring>

namespace models::kernel::internal {

using heddle::SourceLocation;

void marked_load(void* to, const void* from, size_t size, memory_order order, const char* name,
                 SourceLocation where) {
  const marked_access access(from, access_kind::load, name, where);
  std::memcpy(to, from, size);
  access.loaded(order);
}

void marked_store(void* to, const void* from, size_t size, memory_order order, const char* name,
                  SourceLocation where) {
  const marked_access access(to, access_kind::store, name, where);
  std::memcpy(to, from, size);
  access.stored(order);
}

void marked_exchange(void* at, const void* desired, void* old, size_t size, const char* name,
                     SourceLocation where) {
  const marked_access access(at, access_kind::exchange, name, where);
  std::memcpy(old, at, size);
  std::memcpy(at, desired, size);
  access.exchanged(memory_order::full);
}

void marked_compare_exchange(void* at, const void* expected, const void* desired, void* old,
                             size_t size, const char* name, SourceLocation where) {
  const marked_access access(at, access_kind::exchange, name, where);
  std::memcpy(old, at, size);
  if (std::memcmp(old, expected, size) != 0) return;
  std::memcpy(at, desired, size);
  access.exchanged(memory_order::full);
}

}  // namespace models::kernel::internal
