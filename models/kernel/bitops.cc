// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/bitops.h"

namespace models::kernel::internal {

bool operate_on_bit(bit_operation operation, unsigned long nr, const unsigned long* addr,
                    memory_order order, const char* name, heddle::SourceLocation where) {
  // Only test takes a bitmap that is const; the others were given one that is not.
  auto* const word = const_cast<unsigned long*>(addr + nr / BITS_PER_LONG);
  const unsigned long mask = BIT(nr % BITS_PER_LONG);
  const bool is_test = operation == bit_operation::test;
  const marked_access access(word, is_test ? access_kind::load : access_kind::exchange, name,
                             where);
  const bool was_set = (*word & mask) != 0;
  switch (operation) {
    case bit_operation::test:
      break;
    case bit_operation::set:
      *word |= mask;
      break;
    case bit_operation::clear:
      *word &= ~mask;
      break;
    case bit_operation::change:
      *word ^= mask;
      break;
  }
  if (is_test) {
    access.loaded(order);
  } else {
    access.exchanged(order);
  }
  return was_set;
}

}  // namespace models::kernel::internal
