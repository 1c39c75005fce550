// SPDX-License-Identifier: GPL-2.0-only
//
// kref: a reference count whose last user runs a release function.
//
// Scheduling points, blocking and failures are those of refcount_t.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/refcount.h"

namespace models::kernel {

struct kref {
  refcount_t refcount;
};

#define KREF_INIT(n) \
  { .refcount = REFCOUNT_INIT(n) }

// kref_init(&conn->ref): the count is 1 and called "conn->ref".
#define kref_init(k) ::models::kernel::__kref_init(k, ::models::kernel::object_name(#k))

void __kref_init(kref* k, const char* name,
                 heddle::SourceLocation where = heddle::SourceLocation::Here());

unsigned int kref_read(const kref* k,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes a reference. REQUIRES: the caller has one already.
void kref_get(kref* k, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes a reference unless the last one is gone. Returns 1 if it did, else 0.
int kref_get_unless_zero(kref* k, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference; the last one calls `release` in the same step. Returns 1 if it did, else 0.
int kref_put(kref* k, void (*release)(kref* k),
             heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same; `release` is called with `lock` held, and lets go of it.
int kref_put_mutex(kref* k, void (*release)(kref* k), mutex* lock,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
