// SPDX-License-Identifier: GPL-2.0-only
//
// atomic_t: a counter whose operations are one step each.
//
// Operations that return the new or the old value are fully ordered, also when they change nothing;
// the others, reads and atomic_set order nothing. atomic_set is an initialisation as well: it is
// plain, so that setting a counter that others use already counts as a race.
//
// Scheduling point: before each operation but atomic_set. Blocks: never.
// Fails:            kUseAfterFree and the other findings of memory.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_name.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct atomic_t {
  int counter;
};

#define ATOMIC_INIT(i) \
  { i }

// atomic_set(&conn->refcnt, 0): the counter is called "conn->refcnt".
#define atomic_set(v, i) ::models::kernel::__atomic_set(v, i, ::models::kernel::object_name(#v))

void __atomic_set(atomic_t* v, int i, const char* name,
                  heddle::SourceLocation where = heddle::SourceLocation::Here());

int atomic_read(const atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());

void atomic_add(int i, atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());
void atomic_sub(int i, atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());
void atomic_inc(atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());
void atomic_dec(atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Return the new value.
int atomic_add_return(int i, atomic_t* v,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
int atomic_sub_return(int i, atomic_t* v,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());
int atomic_inc_return(atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());
int atomic_dec_return(atomic_t* v, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Return whether the new value is 0.
bool atomic_dec_and_test(atomic_t* v,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());
bool atomic_inc_and_test(atomic_t* v,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

// Adds `i` unless the value is `unless`; returns whether it did.
bool atomic_add_unless(atomic_t* v, int i, int unless,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());
bool atomic_inc_not_zero(atomic_t* v,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

// Return the old value; the second stores only if it is `expected`.
int atomic_xchg(atomic_t* v, int desired,
                heddle::SourceLocation where = heddle::SourceLocation::Here());
int atomic_cmpxchg(atomic_t* v, int expected, int desired,
                   heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
