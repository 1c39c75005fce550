// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/refcount.h"

#include "heddle/core/failure.h"
#include "models/kernel/marked_access.h"
#include "models/kernel/warn.h"

namespace models::kernel {

using heddle::SourceLocation;
using internal::access_kind;
using internal::marked_access;
using internal::memory_order;

namespace {

constexpr const char* kNameless = "refcount";

// The count went wrong: it never moves again.
void saturate(refcount_t* r, const marked_access& access, const char* warning,
              SourceLocation where) {
  r->refs.counter = REFCOUNT_SATURATED;
  internal::warn(heddle::FailureKind::kMisuse, access.object(), warning, where);
}

bool overflows(int old, int i) {
  return old < 0 || old > REFCOUNT_MAX - i;
}

}  // namespace

void __refcount_set(refcount_t* r, int n, const char* name, SourceLocation where) {
  __atomic_set(&r->refs, n, name, where);
}

unsigned int refcount_read(const refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::load, kNameless, where);
  return static_cast<unsigned int>(r->refs.counter);
}

void refcount_add(int i, refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::exchange, kNameless, where);
  const int old = r->refs.counter;
  if (old == 0) {
    saturate(r, access, "refcount_t: addition on 0; use-after-free", where);
  } else if (overflows(old, i)) {
    saturate(r, access, "refcount_t: saturated; leaking memory", where);
  } else {
    r->refs.counter = old + i;
  }
  access.exchanged(memory_order::relaxed);
}

void refcount_inc(refcount_t* r, SourceLocation where) {
  refcount_add(1, r, where);
}

bool refcount_inc_not_zero(refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::exchange, kNameless, where);
  const int old = r->refs.counter;
  if (old == 0) return false;
  if (overflows(old, 1)) {
    saturate(r, access, "refcount_t: saturated; leaking memory", where);
  } else {
    r->refs.counter = old + 1;
  }
  access.exchanged(memory_order::relaxed);
  return true;
}

bool refcount_sub_and_test(int i, refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::exchange, kNameless, where);
  const int old = r->refs.counter;
  if (old == i && old > 0) {
    r->refs.counter = 0;
    access.exchanged(memory_order::full);
    return true;
  }
  if (old < i) {
    saturate(r, access, "refcount_t: underflow; use-after-free", where);
  } else {
    r->refs.counter = old - i;
  }
  access.exchanged(memory_order::release);
  return false;
}

bool refcount_dec_and_test(refcount_t* r, SourceLocation where) {
  return refcount_sub_and_test(1, r, where);
}

void refcount_dec(refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::exchange, kNameless, where);
  const int old = r->refs.counter;
  if (old <= 1) {
    saturate(r, access, "refcount_t: decrement hit 0; leaking memory", where);
  } else {
    r->refs.counter = old - 1;
  }
  access.exchanged(memory_order::release);
}

bool refcount_dec_not_one(refcount_t* r, SourceLocation where) {
  const marked_access access(r, access_kind::exchange, kNameless, where);
  const int old = r->refs.counter;
  if (old == 1) return false;
  if (old == REFCOUNT_SATURATED) return true;
  if (old <= 0) {
    internal::warn(heddle::FailureKind::kMisuse, access.object(),
                   "refcount_t: underflow; use-after-free", where);
    return true;
  }
  r->refs.counter = old - 1;
  access.exchanged(memory_order::release);
  return true;
}

bool refcount_dec_and_mutex_lock(refcount_t* r, mutex* lock, SourceLocation where) {
  if (refcount_dec_not_one(r, where)) return false;
  mutex_lock(lock, where);
  if (refcount_dec_and_test(r, where)) return true;
  mutex_unlock(lock, where);
  return false;
}

bool refcount_dec_and_lock(refcount_t* r, spinlock_t* lock, SourceLocation where) {
  if (refcount_dec_not_one(r, where)) return false;
  spin_lock(lock, where);
  if (refcount_dec_and_test(r, where)) return true;
  spin_unlock(lock, where);
  return false;
}

}  // namespace models::kernel
