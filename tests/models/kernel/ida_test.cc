// SPDX-License-Identifier: MIT
//
// The rules of IDA.

#include "models/kernel/ida.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/errno.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

TEST_CASE("ids are handed out from the smallest, and freed ones again") {
  const ExplorationResult result = Search([](Execution&) {
    struct ida ids;
    ida_init(&ids);
    HEDDLE_ENSURE(ida_is_empty(&ids));
    for (int i = 0; i < 130; ++i) HEDDLE_ENSURE(ida_alloc(&ids, GFP_KERNEL) == i);
    ida_free(&ids, 64);
    ida_free(&ids, 3);
    HEDDLE_ENSURE(ida_alloc(&ids, GFP_KERNEL) == 3);
    HEDDLE_ENSURE(ida_alloc(&ids, GFP_KERNEL) == 64);
    HEDDLE_ENSURE(ida_alloc(&ids, GFP_KERNEL) == 130);
    for (unsigned int i = 0; i <= 130; ++i) ida_free(&ids, i);
    HEDDLE_ENSURE(ida_is_empty(&ids));
  });
  CheckClean(result);
}

TEST_CASE("a range bounds the ids, and an exhausted one is -ENOSPC") {
  const ExplorationResult result = Search([](Execution&) {
    struct ida ids;
    ida_init(&ids);
    HEDDLE_ENSURE(ida_alloc_range(&ids, 0xf00, 0xf01, GFP_KERNEL) == 0xf00);
    HEDDLE_ENSURE(ida_alloc_range(&ids, 0xf00, 0xf01, GFP_KERNEL) == 0xf01);
    HEDDLE_ENSURE(ida_alloc_range(&ids, 0xf00, 0xf01, GFP_KERNEL) == -ENOSPC);
    HEDDLE_ENSURE(ida_alloc_min(&ids, 0xf00, GFP_KERNEL) == 0xf02);
    HEDDLE_ENSURE(ida_alloc_max(&ids, 0, GFP_KERNEL) == 0);
    HEDDLE_ENSURE(ida_alloc_max(&ids, 0, GFP_KERNEL) == -ENOSPC);
    ida_destroy(&ids);
    HEDDLE_ENSURE(ida_is_empty(&ids));
  });
  CheckClean(result);
}

TEST_CASE("an allocation that finds no memory hands nothing out") {
  Seen errors;
  const ExplorationResult result = Search(
      [&](Execution&) {
        struct ida ids;
        ida_init(&ids);
        const int id = ida_alloc(&ids, GFP_KERNEL);
        HEDDLE_ENSURE(id == 0 || id == -ENOMEM);
        HEDDLE_ENSURE(ida_is_empty(&ids) == (id != 0));
        errors.Add(id == 0 ? 0 : 1);
        ida_destroy(&ids);
      },
      0, 1);
  CheckClean(result);
  CHECK(errors == Seen::Of(0, 1));
}

TEST_CASE("two tasks never get the same id") {
  const ExplorationResult result = Search([](Execution& execution) {
    struct ida ids;
    ida_init(&ids);
    int other = -1;
    execution.Spawn("other", [&] { other = ida_alloc(&ids, GFP_KERNEL); });
    const int mine = ida_alloc(&ids, GFP_KERNEL);
    execution.JoinAll();
    HEDDLE_ENSURE(mine + other == 1);
    ida_destroy(&ids);
  });
  CheckClean(result);
}

TEST_CASE("freeing an id that is not handed out is a warning") {
  const ExplorationResult result = Search([](Execution&) {
    struct ida ids;
    ida_init(&ids);
    ida_free(&ids, 7);
  });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  CHECK(result.failure()->title == "ida_free of an id that is not handed out");
}

}  // namespace
}  // namespace models::kernel
