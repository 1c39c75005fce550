// SPDX-License-Identifier: MIT
//
// The rules of xarray.

#include "models/kernel/xarray.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/context.h"
#include "models/kernel/err.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

TEST_CASE("an entry is found at its index until it is erased") {
  const ExplorationResult result = Search([](Execution&) {
    xarray xa;
    int a = 0;
    int b = 0;
    xa_init(&xa);
    HEDDLE_ENSURE(xa_empty(&xa));
    HEDDLE_ENSURE(xa_load(&xa, 5) == nullptr);
    HEDDLE_ENSURE(xa_insert(&xa, 5, &a, GFP_KERNEL) == 0);
    HEDDLE_ENSURE(xa_insert(&xa, 3, &b, GFP_KERNEL) == 0);
    HEDDLE_ENSURE(xa_load(&xa, 5) == &a);
    HEDDLE_ENSURE(xa_load(&xa, 3) == &b);
    HEDDLE_ENSURE(xa_load(&xa, 4) == nullptr);
    HEDDLE_ENSURE(xa_erase(&xa, 5) == &a);
    HEDDLE_ENSURE(xa_erase(&xa, 5) == nullptr);
    HEDDLE_ENSURE(xa_load(&xa, 5) == nullptr);
    HEDDLE_ENSURE(!xa_empty(&xa));
    xa_destroy(&xa);
    HEDDLE_ENSURE(xa_empty(&xa));
  });
  CheckClean(result);
}

TEST_CASE("xa_insert does not replace an entry and xa_store does") {
  const ExplorationResult result = Search([](Execution&) {
    xarray xa;
    int a = 0;
    int b = 0;
    xa_init(&xa);
    HEDDLE_ENSURE(xa_insert(&xa, 1, &a, GFP_KERNEL) == 0);
    HEDDLE_ENSURE(xa_insert(&xa, 1, &b, GFP_KERNEL) == -EBUSY);
    HEDDLE_ENSURE(xa_load(&xa, 1) == &a);
    HEDDLE_ENSURE(xa_store(&xa, 1, &b, GFP_KERNEL) == &a);
    HEDDLE_ENSURE(xa_load(&xa, 1) == &b);
    HEDDLE_ENSURE(xa_store(&xa, 1, nullptr, GFP_KERNEL) == &b);
    HEDDLE_ENSURE(xa_empty(&xa));
  });
  CheckClean(result);
}

TEST_CASE(
    "an insertion that finds no memory changes nothing, and one that finds the index taken needs "
    "none") {
  Seen errors;
  const ExplorationResult result = Search(
      [&](Execution&) {
        xarray xa;
        int a = 0;
        xa_init(&xa);
        const int error = xa_insert(&xa, 1, &a, GFP_KERNEL);
        HEDDLE_ENSURE(error == 0 || error == -ENOMEM);
        HEDDLE_ENSURE(xa_empty(&xa) == (error != 0));
        errors.Add(error == 0 ? 0 : 1);
        if (error == 0) HEDDLE_ENSURE(xa_insert(&xa, 1, &a, GFP_KERNEL) == -EBUSY);
        void* old = xa_store(&xa, 2, &a, GFP_KERNEL);
        HEDDLE_ENSURE(old == nullptr || PTR_ERR(old) == -ENOMEM);
        errors.Add(old == nullptr ? 2 : 3);
        xa_destroy(&xa);
      },
      0, 1);
  CheckClean(result);
  CHECK(errors == Seen::Of(0, 1, 2, 3));
}

TEST_CASE("a walk goes by index, and its body may erase and insert") {
  const ExplorationResult result = Search([](Execution&) {
    xarray xa;
    int entries[8] = {};
    xa_init(&xa);
    for (const unsigned long index : {7UL, 2UL, 4UL}) {
      xa_insert(&xa, index, &entries[index], GFP_KERNEL);
    }
    unsigned long index = 0;
    int* entry = nullptr;
    unsigned long seen = 0;
    xa_for_each(&xa, index, entry) {
      HEDDLE_ENSURE(entry == &entries[index]);
      seen = seen * 10 + index;
      xa_erase(&xa, index);
      if (index == 2) xa_insert(&xa, 1, &entries[1], GFP_KERNEL);  // Behind: not met.
      if (index == 4) xa_insert(&xa, 5, &entries[5], GFP_KERNEL);  // Ahead: met.
    }
    HEDDLE_ENSURE(seen == 2457);
    HEDDLE_ENSURE(xa_load(&xa, 1) == &entries[1]);
    xa_destroy(&xa);
  });
  CheckClean(result);
}

TEST_CASE("what was done before an insertion happens before what its finder does") {
  Seen found;
  const ExplorationResult result = Search([&](Execution& execution) {
    xarray xa;
    int entry = 0;
    uint32_t clock = 0;
    xa_init(&xa);
    execution.Spawn("adder", [&] {
      clock = execution.happens_before().Now(execution.running().id);
      xa_insert(&xa, 1, &entry, GFP_KERNEL);
    });
    const bool has = xa_load(&xa, 1) != nullptr;
    found.Add(has ? 1 : 0);
    const heddle::TaskId self = execution.running().id;
    if (has) HEDDLE_ENSURE(execution.happens_before().Clock(heddle::TaskId{1}, self) >= clock);
    execution.JoinAll();
    xa_destroy(&xa);
  });
  CheckClean(result);
  CHECK(found == Seen::Of(0, 1));
}

TEST_CASE("an array that is dropped with entries in it leaks its nodes") {
  const ExplorationResult result = Search([](Execution&) {
    xarray xa;
    int entry = 0;
    xa_init(&xa);
    xa_insert(&xa, 1, &entry, GFP_KERNEL);
    xa.first = nullptr;
  });
  CheckFailure(result, FailureKind::kLeak, {"xa_node"}, {"main"});
}

TEST_CASE("xa_insert that may sleep is refused in atomic context") {
  const ExplorationResult result = Search([](Execution&) {
    xarray xa;
    int entry = 0;
    xa_init(&xa);
    HEDDLE_ENSURE(xa_insert(&xa, 1, &entry, GFP_ATOMIC) == 0);
    preempt_disable();
    HEDDLE_ENSURE(xa_insert(&xa, 2, &entry, GFP_ATOMIC) == 0);
    xa_insert(&xa, 3, &entry, GFP_KERNEL);
  });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAtomicSleep);
}

TEST_CASE("an array that was never initialised is misuse") {
  CheckMisuse(Search([](Execution&) {
                xarray xa{};
                xa_load(&xa, 1);
              }),
              "xa_load of a xarray that was never initialised");
}

}  // namespace
}  // namespace models::kernel
