// SPDX-License-Identifier: MIT
//
// Predictions from one execution: each test runs a single schedule, in which nothing goes wrong,
// and looks at what the order of its locks says about others.

#include "heddle/detect/lock_order.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "doctest/doctest.h"
#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"
#include "heddle/sync/shared_mutex.h"

namespace heddle {

using Names = std::vector<std::string>;

// Runs `body` without any preemption.
static std::optional<Failure> Predicted(const Body& body) {
  const ExplorationResult result =
      Explore({.name = "order", .lock_order = LockOrderPolicy::kReport}, body);
  if (result.failure() == nullptr) return std::nullopt;
  return *result.failure();
}

static void InTurn(Execution& execution, const std::function<void()>& first,
                   const std::function<void()>& second) {
  execution.Join(execution.Spawn("first", first));
  execution.Join(execution.Spawn("second", second));
}

TEST_CASE("two locks in two orders are a prediction, although the tasks run in turn") {
  const auto failure = Predicted([](Execution& execution) {
    Mutex a("a");
    Mutex b("b");
    InTurn(
        execution,
        [&] {
          a.Lock();
          b.Lock();
          b.Unlock();
          a.Unlock();
        },
        [&] {
          b.Lock();
          a.Lock();
          a.Unlock();
          b.Unlock();
        });
  });
  REQUIRE(failure);
  CHECK(failure->kind == FailureKind::kLockOrder);
  CHECK(failure->objects == Names{"a", "b"});
  CHECK(failure->tasks == Names{"second", "first"});
  CHECK(failure->details.size() == 2);
}

TEST_CASE("three locks in a ring are a prediction that names all three") {
  const auto failure = Predicted([](Execution&) {
    Mutex a("a");
    Mutex b("b");
    Mutex c("c");
    const auto nest = [](Mutex& outer, Mutex& inner) {
      outer.Lock();
      inner.Lock();
      inner.Unlock();
      outer.Unlock();
    };
    nest(a, b);
    nest(b, c);
    nest(c, a);
  });
  REQUIRE(failure);
  CHECK(failure->objects == Names{"a", "b", "c"});
  CHECK(failure->details.back() ==
        "One task took all of them, so this execution shows no deadlock.");
}

TEST_CASE("a lock that is held each time is named as what makes the prediction false") {
  const auto failure = Predicted([](Execution& execution) {
    Mutex gate("gate");
    Mutex a("a");
    Mutex b("b");
    const auto nest = [&](Mutex& outer, Mutex& inner) {
      gate.Lock();
      outer.Lock();
      inner.Lock();
      inner.Unlock();
      outer.Unlock();
      gate.Unlock();
    };
    InTurn(
        execution, [&] { nest(a, b); }, [&] { nest(b, a); });
  });
  REQUIRE(failure);
  CHECK(failure->objects == Names{"a", "b"});
  CHECK(failure->details.back() == "gate is held each time, so this execution shows no deadlock.");
}

TEST_CASE("a trylock closes no cycle, but what is taken under it can") {
  const auto after_trylock = [](bool blocks_later) {
    return Predicted([=](Execution&) {
      Mutex a("a");
      Mutex b("b");
      a.Lock();
      b.Lock();
      b.Unlock();
      a.Unlock();
      if (blocks_later) {
        static_cast<void>(b.TryLock());
        a.Lock();
      } else {
        b.Lock();
        static_cast<void>(a.TryLock());
      }
      a.Unlock();
      b.Unlock();
    });
  };
  CHECK_FALSE(after_trylock(false));
  REQUIRE(after_trylock(true));
  CHECK(after_trylock(true)->objects == Names{"a", "b"});
}

TEST_CASE("one order of locks is no prediction, however often it is seen") {
  CHECK_FALSE(Predicted([](Execution& execution) {
    Mutex a("a");
    Mutex b("b");
    const auto nest = [&] {
      for (int i = 0; i < 3; ++i) {
        a.Lock();
        b.Lock();
        a.Unlock();  // In any order.
        b.Unlock();
      }
    };
    InTurn(execution, nest, nest);
  }));
}

TEST_CASE("readers that a writer may hold up are part of a cycle") {
  const auto failure = Predicted([](Execution& execution) {
    SharedMutex a("a");
    Mutex b("b");
    InTurn(
        execution,
        [&] {
          a.LockShared();
          b.Lock();
          b.Unlock();
          a.UnlockShared();
        },
        [&] {
          b.Lock();
          a.LockShared();
          a.UnlockShared();
          b.Unlock();
        });
  });
  REQUIRE(failure);
  CHECK(failure->objects == Names{"a", "b"});
}

// The detector itself, for what only annotations and classes bring.
static std::optional<Failure> Annotated(const std::function<void(Execution&, LockOrder&)>& body) {
  return Predicted([&](Execution& execution) { body(execution, LockOrder::Instance()); });
}

static ObjectId Add(Execution& execution, const char* name) {
  static constexpr ObjectType kMap{.noun = "lock map"};
  ObjectRef ref;
  return execution.Resolve(&ref, kMap, name);
}

TEST_CASE("recursive readers wait for writers only") {
  const auto order = [](LockMode held, LockMode acquired) {
    return Annotated([=](Execution& execution, LockOrder& locks) {
      const ObjectId a = Add(execution, "a");
      const ObjectId b = Add(execution, "b");
      locks.OnAcquire(execution, {.object = b});
      locks.OnAcquire(execution, {.object = a, .mode = acquired});
      locks.OnRelease(execution, a);
      locks.OnRelease(execution, b);
      locks.OnAcquire(execution, {.object = a, .mode = held});
      locks.OnAcquire(execution, {.object = b});
    });
  };
  CHECK_FALSE(order(LockMode::kRecursiveRead, LockMode::kRecursiveRead));
  CHECK_FALSE(order(LockMode::kShared, LockMode::kRecursiveRead));
  CHECK(order(LockMode::kExclusive, LockMode::kRecursiveRead));
  CHECK(order(LockMode::kRecursiveRead, LockMode::kShared));
  CHECK(order(LockMode::kRecursiveRead, LockMode::kExclusive));
}

TEST_CASE("a second lock of a class that is held is a prediction, unless its subclass differs") {
  static constexpr char kKey = 0;
  const auto second = [](uint32_t subclass, LockMode held, LockMode acquired) {
    return Annotated([=](Execution& execution, LockOrder& locks) {
      const ObjectId a = Add(execution, "a");
      const ObjectId b = Add(execution, "b");
      locks.OnAcquire(execution, {.object = a, .key = &kKey, .mode = held});
      locks.OnAcquire(execution,
                      {.object = b, .key = &kKey, .subclass = subclass, .mode = acquired});
    });
  };
  const auto failure = second(0, LockMode::kExclusive, LockMode::kExclusive);
  REQUIRE(failure);
  CHECK(failure->title == "b while a, a lock of its class, is held");
  CHECK(failure->objects == Names{"a", "b"});
  CHECK_FALSE(second(1, LockMode::kExclusive, LockMode::kExclusive));
  CHECK_FALSE(second(0, LockMode::kRecursiveRead, LockMode::kRecursiveRead));
  CHECK(second(0, LockMode::kExclusive, LockMode::kRecursiveRead));
}

TEST_CASE("locks of one class stand for each other") {
  static constexpr char kConn = 0;
  const auto failure = Annotated([](Execution& execution, LockOrder& locks) {
    const ObjectId hdev = Add(execution, "hdev->lock");
    const ObjectId first = Add(execution, "conn->lock");
    const ObjectId second = Add(execution, "conn->lock");
    locks.OnAcquire(execution, {.object = first, .key = &kConn});
    locks.OnAcquire(execution, {.object = hdev});
    locks.OnRelease(execution, hdev);
    locks.OnRelease(execution, first);
    locks.OnAcquire(execution, {.object = hdev});
    locks.OnAcquire(execution, {.object = second, .key = &kConn});
  });
  REQUIRE(failure);
  CHECK(failure->objects == Names{"conn->lock", "hdev->lock"});
}

TEST_CASE("waiting for something that takes what is held is a prediction") {
  const auto failure = Annotated([](Execution& execution, LockOrder& locks) {
    const ObjectId lock = Add(execution, "conn->lock");
    const ObjectId work = Add(execution, "conn->info_timer");
    locks.OnAcquire(execution, {.object = work});
    locks.OnAcquire(execution, {.object = lock});
    locks.OnRelease(execution, lock);
    locks.OnRelease(execution, work);
    locks.OnAcquire(execution, {.object = lock});
    locks.OnWait(execution, {.object = work});
  });
  REQUIRE(failure);
  CHECK(failure->objects == Names{"conn->info_timer", "conn->lock"});
}

TEST_CASE("without the policy nothing is predicted") {
  const ExplorationResult result = Explore({.name = "silent"}, [](Execution& execution) {
    LockOrder& locks = LockOrder::Instance();
    const ObjectId a = Add(execution, "a");
    locks.OnAcquire(execution, {.object = a});
    locks.OnAcquire(execution, {.object = a});
  });
  CHECK(result.findings.empty());
}

}  // namespace heddle
