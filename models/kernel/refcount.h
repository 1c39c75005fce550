// SPDX-License-Identifier: GPL-2.0-only
//
// refcount_t: a reference count that saturates instead of wrapping.
//
// A count that went wrong (incremented from 0, decremented below 0, overflowed) draws a warning and
// stays saturated for ever: the object leaks rather than being freed under somebody's feet.
// Warnings are findings unless the scenario lets them pass (warn.h).
//
// Increments order nothing; a decrement is a release, and the last one an acquire as well.
// refcount_set is plain, as atomic_set is.
//
// Scheduling point: before each operation but refcount_set. Blocks: never.
// Fails:            kMisuse for a count that goes wrong, while warnings are findings;
//                   kUseAfterFree and the other findings of memory.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/atomic.h"
#include "models/kernel/mutex.h"
#include "models/kernel/spinlock.h"

namespace models::kernel {

struct refcount_t {
  atomic_t refs;
};

inline constexpr int REFCOUNT_MAX = 0x7fffffff;
inline constexpr int REFCOUNT_SATURATED = static_cast<int>(0xc0000000U);

#define REFCOUNT_INIT(n) \
  { .refs = ATOMIC_INIT(n) }

// refcount_set(&fsd->active_users, 1): the count is called "fsd->active_users".
#define refcount_set(r, n) ::models::kernel::__refcount_set(r, n, ::models::kernel::object_name(#r))

void __refcount_set(refcount_t* r, int n, const char* name,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());

unsigned int refcount_read(const refcount_t* r,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes a reference. REQUIRES: the count is not 0.
void refcount_inc(refcount_t* r, heddle::SourceLocation where = heddle::SourceLocation::Here());
void refcount_add(int i, refcount_t* r,
                  heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes a reference unless the count is 0; returns whether it did.
bool refcount_inc_not_zero(refcount_t* r,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference that is not the last one.
void refcount_dec(refcount_t* r, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference; returns true for exactly the step from 1 to 0.
bool refcount_dec_and_test(refcount_t* r,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());
bool refcount_sub_and_test(int i, refcount_t* r,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference unless it is the last one; returns whether it did.
bool refcount_dec_not_one(refcount_t* r,
                          heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops a reference; if it is the last one, with `lock` held, and then returns true.
bool refcount_dec_and_mutex_lock(refcount_t* r, mutex* lock,
                                 heddle::SourceLocation where = heddle::SourceLocation::Here());
bool refcount_dec_and_lock(refcount_t* r, spinlock_t* lock,
                           heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
