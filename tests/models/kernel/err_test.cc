// SPDX-License-Identifier: MIT
//
// Error pointers: errors go in and come out, and no real pointer is taken for one.

#include "models/kernel/err.h"

#include <doctest/doctest.h>

#include <initializer_list>

namespace models::kernel {
namespace {

TEST_CASE("an error comes out of a pointer as it went in") {
  for (const int error : {-1, -ENOMEM, -EPROBE_DEFER, -4095}) {
    const int* pointer = ERR_PTR(error);
    CHECK(IS_ERR(pointer));
    CHECK(PTR_ERR(pointer) == error);
    CHECK(PTR_ERR_OR_ZERO(pointer) == error);
    const char* cast = ERR_CAST(pointer);
    CHECK(PTR_ERR(cast) == error);
  }
}

TEST_CASE("neither null nor the address of anything is an error") {
  const int x = 0;
  CHECK_FALSE(IS_ERR(&x));
  CHECK_FALSE(IS_ERR(nullptr));
  CHECK(IS_ERR_OR_NULL(nullptr));
  CHECK_FALSE(IS_ERR_OR_NULL(&x));
  CHECK(PTR_ERR_OR_ZERO(&x) == 0);
  CHECK_FALSE(IS_ERR_VALUE(~MAX_ERRNO));
  CHECK(IS_ERR_VALUE(~MAX_ERRNO + 1));
}

}  // namespace
}  // namespace models::kernel
