// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/kref.h"

namespace models::kernel {

using heddle::SourceLocation;

void __kref_init(kref* k, const char* name, SourceLocation where) {
  __refcount_set(&k->refcount, 1, name, where);
}

unsigned int kref_read(const kref* k, SourceLocation where) {
  return refcount_read(&k->refcount, where);
}

void kref_get(kref* k, SourceLocation where) {
  refcount_inc(&k->refcount, where);
}

int kref_get_unless_zero(kref* k, SourceLocation where) {
  return refcount_inc_not_zero(&k->refcount, where) ? 1 : 0;
}

int kref_put(kref* k, void (*release)(kref* k), SourceLocation where) {
  if (!refcount_dec_and_test(&k->refcount, where)) return 0;
  release(k);
  return 1;
}

int kref_put_mutex(kref* k, void (*release)(kref* k), mutex* lock, SourceLocation where) {
  if (!refcount_dec_and_mutex_lock(&k->refcount, lock, where)) return 0;
  release(k);
  return 1;
}

}  // namespace models::kernel
