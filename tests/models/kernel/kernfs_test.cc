// SPDX-License-Identifier: MIT
//
// The rules of kernfs: removal against callbacks that run.

#include "models/kernel/kernfs.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "models/kernel/err.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

// What a callback does, as data.
struct Attribute {
  kernfs_node* kn = nullptr;
  heddle::Mutex lock{"dev->mutex"};
  heddle::Atomic<int> running{0, "running"};
  int calls = 0;
  int most = 0;  // That ran at once.
  bool takes_lock = false;
  bool removes_itself = false;
  bool removes_its_file = false;
  int self_removals = 0;
};

ssize_t CallBack(kernfs_node* kn) {
  auto* attr = static_cast<Attribute*>(kn->priv);
  ++attr->calls;
  attr->most = std::max(attr->most, attr->running.fetch_add(1) + 1);
  if (attr->takes_lock) {
    attr->lock.Lock();
    attr->lock.Unlock();
  }
  if (attr->removes_itself) attr->self_removals += kernfs_remove_self(kn) ? 1 : 0;
  if (attr->removes_its_file) kernfs_remove(kn);
  attr->running.fetch_add(-1);
  return 1;
}

ssize_t Show(kernfs_node* kn, char* /*buf*/, size_t /*size*/) {
  return CallBack(kn);
}
ssize_t Store(kernfs_node* kn, const char* /*buf*/, size_t /*size*/) {
  return CallBack(kn);
}

constexpr kernfs_ops kOps{.read = Show, .write = Store};

// A file that this many tasks have open besides its creator.
void Create(Attribute* attr, int openers = 1) {
  attr->kn = kernfs_create_file("online", &kOps, attr);
  for (int i = 0; i < openers; ++i) kernfs_get(attr->kn);
}

void ReadOnce(Attribute* attr) {
  const ssize_t result = kernfs_fop_read(attr->kn, nullptr, 0);
  HEDDLE_ENSURE(result == 1 || result == -ENODEV);
  kernfs_put(attr->kn);
}

TEST_CASE("after kernfs_remove no callback runs and none begins") {
  Seen calls;
  const ExplorationResult result = Search([&](Execution& execution) {
    Attribute attr;
    Create(&attr);
    execution.Spawn("reader", [&] { ReadOnce(&attr); });
    kernfs_remove(attr.kn);
    HEDDLE_ENSURE(attr.running.load() == 0);
    const int before = attr.calls;
    execution.JoinAll();
    HEDDLE_ENSURE(attr.calls == before);
    calls.Add(before);
  });
  CheckClean(result);
  CHECK(calls == Seen::Of(0, 1));
}

TEST_CASE("a removed file refuses callbacks and its memory lives as long as somebody has it open") {
  const ExplorationResult result = Search([](Execution&) {
    Attribute attr;
    Create(&attr);
    kernfs_remove(attr.kn);
    HEDDLE_ENSURE(!kernfs_get_active(attr.kn));
    char byte = 0;
    HEDDLE_ENSURE(kernfs_fop_write(attr.kn, &byte, 1) == -ENODEV);
    HEDDLE_ENSURE(attr.calls == 0);
    kernfs_put(attr.kn);
  });
  CheckClean(result);
}

TEST_CASE("a file without a reader's or writer's operation is -EINVAL") {
  const ExplorationResult result = Search([](Execution&) {
    static constexpr kernfs_ops kNone{.read = nullptr, .write = nullptr};
    kernfs_node* kn = kernfs_create_file("none", &kNone, nullptr);
    char byte = 0;
    HEDDLE_ENSURE(kernfs_fop_read(kn, &byte, 1) == -EINVAL);
    HEDDLE_ENSURE(kernfs_fop_write(kn, &byte, 1) == -EINVAL);
    kernfs_remove(kn);
  });
  CheckClean(result);
}

TEST_CASE("creating a file fails with -ENOMEM") {
  Seen errors;
  const ExplorationResult result = Search(
      [&](Execution&) {
        kernfs_node* kn = kernfs_create_file("online", &kOps, nullptr);
        errors.Add(IS_ERR(kn) ? 1 : 0);
        if (IS_ERR(kn)) HEDDLE_ENSURE(PTR_ERR(kn) == -ENOMEM);
        if (!IS_ERR(kn)) kernfs_remove(kn);
      },
      0, 1);
  CheckClean(result);
  CHECK(errors == Seen::Of(0, 1));
}

TEST_CASE("callbacks of one file run at the same time") {
  Seen most;
  const ExplorationResult result = Search([&](Execution& execution) {
    Attribute attr;
    Create(&attr, 2);
    execution.Spawn("reader", [&] { ReadOnce(&attr); });
    execution.Spawn("writer", [&] { ReadOnce(&attr); });
    execution.JoinAll();
    most.Add(attr.most);
    kernfs_remove(attr.kn);
  });
  CheckClean(result);
  CHECK(most.Has(2));
}

TEST_CASE("removing a file under a lock that its callback takes is a deadlock through the file") {
  const ExplorationResult result = Search([](Execution& execution) {
    Attribute attr;
    attr.takes_lock = true;
    Create(&attr);
    execution.Spawn("reader", [&] { ReadOnce(&attr); });
    attr.lock.Lock();
    kernfs_remove(attr.kn);
    attr.lock.Unlock();
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kDeadlock, {"dev->mutex", "online"}, {"main", "reader"});
}

TEST_CASE("a callback that removes its own file as if it were another's waits for itself") {
  const ExplorationResult result = Search([](Execution&) {
    Attribute attr;
    attr.removes_its_file = true;
    Create(&attr);
    ReadOnce(&attr);
  });
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {"online"}, {"main"});
}

TEST_CASE("a callback may remove its own file by kernfs_remove_self") {
  const ExplorationResult result = Search([](Execution&) {
    Attribute attr;
    attr.removes_itself = true;
    Create(&attr, 2);
    ReadOnce(&attr);
    HEDDLE_ENSURE(attr.self_removals == 1);
    HEDDLE_ENSURE(kernfs_fop_read(attr.kn, nullptr, 0) == -ENODEV);
    kernfs_put(attr.kn);
  });
  CheckClean(result);
}

TEST_CASE("of two callbacks that remove their file themselves exactly one does") {
  Seen calls;
  const ExplorationResult result = Search([&](Execution& execution) {
    Attribute attr;
    attr.removes_itself = true;
    Create(&attr, 2);
    execution.Spawn("one", [&] { ReadOnce(&attr); });
    execution.Spawn("two", [&] { ReadOnce(&attr); });
    execution.JoinAll();
    HEDDLE_ENSURE(attr.self_removals == 1);
    calls.Add(attr.calls);
  });
  CheckClean(result);
  CHECK(calls == Seen::Of(1, 2));
}

TEST_CASE("a self removal and a removal by another task do not wait for each other") {
  const ExplorationResult result = Search([](Execution& execution) {
    Attribute attr;
    attr.removes_itself = true;
    Create(&attr);
    kernfs_get(attr.kn);
    execution.Spawn("self", [&] { ReadOnce(&attr); });
    kernfs_remove(attr.kn);
    kernfs_put(attr.kn);
    execution.JoinAll();
  });
  CheckClean(result);
}

TEST_CASE("an active reference can be dropped by its holder only") {
  CheckMisuse(Search([](Execution&) {
                Attribute attr;
                Create(&attr);
                kernfs_put_active(attr.kn);
              }),
              "kernfs_put_active by a task that has no active reference");
}

}  // namespace
}  // namespace models::kernel
