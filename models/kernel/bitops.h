// SPDX-License-Identifier: GPL-2.0-only
//
// Bit operations on arrays of unsigned long, atomic and plain.
//
// test_and_*_bit are fully ordered, also when they change nothing. set_bit, clear_bit, change_bit
// and test_bit order nothing; the _lock and _unlock forms are acquire and release. The functions
// with two underscores are plain code: whoever includes this file gets copies of its own.
//
// Scheduling point: before each atomic operation. Blocks: never.
// Fails:            kUseAfterFree and the other findings of memory.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/access_once.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

inline constexpr unsigned int BITS_PER_LONG = 64;

#define BIT(nr) (1UL << (nr))
#define BITS_TO_LONGS(bits) (((bits) + 63) / 64)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

// set_bit(HCI_UP, &hdev->flags): the word is called "hdev->flags".
#define set_bit(nr, addr) HEDDLE_BIT_OPERATION(set, nr, addr, relaxed)
#define clear_bit(nr, addr) HEDDLE_BIT_OPERATION(clear, nr, addr, relaxed)
#define clear_bit_unlock(nr, addr) HEDDLE_BIT_OPERATION(clear, nr, addr, release)
#define change_bit(nr, addr) HEDDLE_BIT_OPERATION(change, nr, addr, relaxed)

// Return what the bit was.
#define test_bit(nr, addr) HEDDLE_BIT_OPERATION(test, nr, addr, relaxed)
#define test_bit_acquire(nr, addr) HEDDLE_BIT_OPERATION(test, nr, addr, acquire)
#define test_and_set_bit(nr, addr) HEDDLE_BIT_OPERATION(set, nr, addr, full)
#define test_and_set_bit_lock(nr, addr) HEDDLE_BIT_OPERATION(set, nr, addr, acquire)
#define test_and_clear_bit(nr, addr) HEDDLE_BIT_OPERATION(clear, nr, addr, full)
#define test_and_change_bit(nr, addr) HEDDLE_BIT_OPERATION(change, nr, addr, full)

static inline void __set_bit(unsigned long nr, unsigned long* addr) {
  addr[nr / BITS_PER_LONG] |= BIT(nr % BITS_PER_LONG);
}
static inline void __clear_bit(unsigned long nr, unsigned long* addr) {
  addr[nr / BITS_PER_LONG] &= ~BIT(nr % BITS_PER_LONG);
}
static inline bool __test_and_set_bit(unsigned long nr, unsigned long* addr) {
  const bool was_set = (addr[nr / BITS_PER_LONG] >> (nr % BITS_PER_LONG) & 1) != 0;
  __set_bit(nr, addr);
  return was_set;
}
static inline bool __test_and_clear_bit(unsigned long nr, unsigned long* addr) {
  const bool was_set = (addr[nr / BITS_PER_LONG] >> (nr % BITS_PER_LONG) & 1) != 0;
  __clear_bit(nr, addr);
  return was_set;
}

// ---- Implementation

namespace internal {

enum class bit_operation : u8 { test, set, clear, change };

// Performs one operation and returns what the bit was.
bool operate_on_bit(bit_operation operation, unsigned long nr, const unsigned long* addr,
                    memory_order order, const char* name,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace internal

#define HEDDLE_BIT_OPERATION(operation, nr, addr, order)                                          \
  ::models::kernel::internal::operate_on_bit(                                                     \
      ::models::kernel::internal::bit_operation::operation, static_cast<unsigned long>(nr), addr, \
      ::models::kernel::internal::memory_order::order, ::models::kernel::object_name(#addr))

}  // namespace models::kernel
