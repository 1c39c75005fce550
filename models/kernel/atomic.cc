// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/atomic.h"

#include "models/kernel/marked_access.h"

namespace models::kernel {

using heddle::SourceLocation;
using internal::access_kind;
using internal::marked_access;
using internal::memory_order;

namespace {

constexpr const char* kNameless = "atomic";

// Counters wrap.
int sum_of(int a, int b) {
  return static_cast<int>(static_cast<u32>(a) + static_cast<u32>(b));
}

// Adds `i`; returns what was there.
int fetch_add(int i, atomic_t* v, memory_order order, SourceLocation where) {
  const marked_access access(v, access_kind::exchange, kNameless, where);
  const int old = v->counter;
  v->counter = sum_of(old, i);
  access.exchanged(order);
  return old;
}

}  // namespace

void __atomic_set(atomic_t* v, int i, const char* name, SourceLocation /*where*/) {
  internal::name_location(v, name);
  v->counter = i;
}

int atomic_read(const atomic_t* v, SourceLocation where) {
  const marked_access access(v, access_kind::load, kNameless, where);
  return v->counter;
}

void atomic_add(int i, atomic_t* v, SourceLocation where) {
  fetch_add(i, v, memory_order::relaxed, where);
}

void atomic_sub(int i, atomic_t* v, SourceLocation where) {
  fetch_add(-i, v, memory_order::relaxed, where);
}

void atomic_inc(atomic_t* v, SourceLocation where) {
  atomic_add(1, v, where);
}

void atomic_dec(atomic_t* v, SourceLocation where) {
  atomic_sub(1, v, where);
}

int atomic_add_return(int i, atomic_t* v, SourceLocation where) {
  return sum_of(fetch_add(i, v, memory_order::full, where), i);
}

int atomic_sub_return(int i, atomic_t* v, SourceLocation where) {
  return atomic_add_return(-i, v, where);
}

int atomic_inc_return(atomic_t* v, SourceLocation where) {
  return atomic_add_return(1, v, where);
}

int atomic_dec_return(atomic_t* v, SourceLocation where) {
  return atomic_sub_return(1, v, where);
}

bool atomic_dec_and_test(atomic_t* v, SourceLocation where) {
  return atomic_dec_return(v, where) == 0;
}

bool atomic_inc_and_test(atomic_t* v, SourceLocation where) {
  return atomic_inc_return(v, where) == 0;
}

bool atomic_add_unless(atomic_t* v, int i, int unless, SourceLocation where) {
  const marked_access access(v, access_kind::exchange, kNameless, where);
  if (v->counter == unless) return false;
  v->counter = sum_of(v->counter, i);
  access.exchanged(memory_order::full);
  return true;
}

bool atomic_inc_not_zero(atomic_t* v, SourceLocation where) {
  return atomic_add_unless(v, 1, 0, where);
}

int atomic_xchg(atomic_t* v, int desired, SourceLocation where) {
  const marked_access access(v, access_kind::exchange, kNameless, where);
  const int old = v->counter;
  v->counter = desired;
  access.exchanged(memory_order::full);
  return old;
}

int atomic_cmpxchg(atomic_t* v, int expected, int desired, SourceLocation where) {
  const marked_access access(v, access_kind::exchange, kNameless, where);
  const int old = v->counter;
  if (old != expected) return old;
  v->counter = desired;
  access.exchanged(memory_order::full);
  return old;
}

}  // namespace models::kernel
