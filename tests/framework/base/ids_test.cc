// SPDX-License-Identifier: MIT
//
// Arithmetic of the virtual clock at its end.

#include "heddle/base/ids.h"

#include "doctest/doctest.h"

namespace heddle {

TEST_CASE("a time after another one is later by the nanoseconds, and never past the end") {
  CHECK(After(VirtualTime{5}, 7) == VirtualTime{12});
  CHECK(After(VirtualTime{5}, 0) == VirtualTime{5});
  CHECK(After(VirtualTime{kNever.value - 2}, 1) == VirtualTime{kNever.value - 1});
  CHECK(After(VirtualTime{kNever.value - 2}, 2) == kNever);
  CHECK(After(VirtualTime{5}, ~uint64_t{0}) == kNever);
  CHECK(After(kNever, 1) == kNever);
}

}  // namespace heddle
