// SPDX-License-Identifier: MIT

#include "models/kernel/onstack.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/failure.h"
#include "models/kernel/completion.h"
#include "tests/models/kernel/explored.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::Failure;
using heddle::FailureKind;

struct Shared {
  char* buf = nullptr;
  completion begun{};
  completion filled{};
};

// Publishes a buffer on its stack; returns once it was filled, or at once.
void Lend(Shared* shared, bool waits) {
  char buf[8] = "";
  ONSTACK_OBJECT(buf);
  shared->buf = buf;
  complete(&shared->begun);
  if (waits) wait_for_completion(&shared->filled);
}

void LendAndFill(Execution& execution, bool waits) {
  Shared shared;
  init_completion(&shared.begun);
  init_completion(&shared.filled);
  execution.Spawn("lender", [&] {
    Lend(&shared, waits);
    execution.Yield();
  });
  wait_for_completion(&shared.begun);
  shared.buf[0] = 'x';
  complete(&shared.filled);
  execution.JoinAll();
}

TEST_CASE("an object on a stack is dead once control has left its block") {
  const Failure failure =
      FailureOf({}, [](Execution& execution) { LendAndFill(execution, false); });
  CHECK(failure.kind == FailureKind::kStackUseAfterReturn);
  CHECK(failure.objects == std::vector<std::string>{"buf"});
}

TEST_CASE("an object on a stack can be used while control is in its block") {
  ExecutionsOf({}, [](Execution& execution) { LendAndFill(execution, true); });
}

void DieWith(Shared* shared) {
  char buf[8] = "";
  ONSTACK_OBJECT(buf);
  shared->buf = buf;
  complete(&shared->begun);
  Execution::Current().Die();
}

TEST_CASE("the objects of a task that died live on") {
  ExecutionsOf({}, [](Execution& execution) {
    Shared shared;
    init_completion(&shared.begun);
    execution.Spawn("victim", [&] { DieWith(&shared); });
    wait_for_completion(&shared.begun);
    execution.JoinAll();
    shared.buf[0] = 'x';
  });
}

}  // namespace
}  // namespace models::kernel
