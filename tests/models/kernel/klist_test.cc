// SPDX-License-Identifier: MIT
//
// The rules of klist: walking while others add and remove.

#include "models/kernel/klist.h"

#include <doctest/doctest.h>

#include "heddle/core/execution.h"
#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/ensure.h"
#include "tests/models/kernel/search.h"

namespace models::kernel {
namespace {

using heddle::Execution;
using heddle::ExplorationResult;
using heddle::FailureKind;

// A node that counts what the list's callbacks were told.
struct Item {
  klist_node node{};
  int gets = 0;
  int puts = 0;
};

Item* ItemOf(klist_node* node) {
  return reinterpret_cast<Item*>(node);
}  // Its first member.
void GetItem(klist_node* node) {
  ++ItemOf(node)->gets;
}
void PutItem(klist_node* node) {
  ++ItemOf(node)->puts;
}

TEST_CASE("a walk meets the nodes in order, forward and backward, and tells the callbacks") {
  const ExplorationResult result = Search([](Execution&) {
    klist list;
    Item a;
    Item b;
    Item c;
    Item d;
    klist_init(&list, GetItem, PutItem);
    klist_add_tail(&b.node, &list);
    klist_add_head(&a.node, &list);
    klist_add_behind(&d.node, &b.node);
    klist_add_before(&c.node, &d.node);
    klist_iter i;
    klist_iter_init(&list, &i);
    for (Item* expected : {&a, &b, &c, &d}) HEDDLE_ENSURE(klist_next(&i) == &expected->node);
    HEDDLE_ENSURE(klist_prev(&i) == &c.node);
    HEDDLE_ENSURE(klist_next(&i) == &d.node);
    HEDDLE_ENSURE(klist_next(&i) == nullptr);
    klist_iter_exit(&i);
    HEDDLE_ENSURE(a.gets == 1);
    HEDDLE_ENSURE(a.puts == 0);
    klist_del(&a.node);
    HEDDLE_ENSURE(a.puts == 1);
    HEDDLE_ENSURE(!klist_node_attached(&a.node));
    HEDDLE_ENSURE(klist_node_attached(&b.node));
  });
  CheckClean(result);
}

TEST_CASE("a node at which an iterator stands stays until the iterator goes on") {
  const ExplorationResult result = Search([](Execution&) {
    klist list;
    Item a;
    Item b;
    klist_init(&list, GetItem, PutItem);
    klist_add_tail(&a.node, &list);
    klist_add_tail(&b.node, &list);
    klist_iter i;
    klist_iter_init(&list, &i);
    HEDDLE_ENSURE(klist_next(&i) == &a.node);
    klist_del(&a.node);
    HEDDLE_ENSURE(klist_node_attached(&a.node));
    HEDDLE_ENSURE(a.puts == 0);
    HEDDLE_ENSURE(klist_next(&i) == &b.node);
    HEDDLE_ENSURE(!klist_node_attached(&a.node));
    HEDDLE_ENSURE(a.puts == 1);
    klist_iter_exit(&i);
    HEDDLE_ENSURE(b.puts == 0);
  });
  CheckClean(result);
}

TEST_CASE("a dead node is passed by, also while it is still linked") {
  const ExplorationResult result = Search([](Execution&) {
    klist list;
    Item a;
    Item b;
    klist_init(&list, nullptr, nullptr);
    klist_add_tail(&a.node, &list);
    klist_add_tail(&b.node, &list);
    klist_iter pin;
    klist_iter_init_node(&list, &pin, &a.node);
    klist_del(&a.node);
    klist_iter i;
    klist_iter_init(&list, &i);
    HEDDLE_ENSURE(klist_next(&i) == &b.node);
    klist_iter_exit(&i);
    klist_iter_exit(&pin);
  });
  CheckClean(result);
}

TEST_CASE("nodes that come while a walk is under way are met if they lie ahead") {
  Seen met;
  const ExplorationResult result = Search([&](Execution& execution) {
    klist list;
    Item a;
    Item b;
    klist_init(&list, nullptr, nullptr);
    klist_add_tail(&a.node, &list);
    execution.Spawn("adder", [&] { klist_add_tail(&b.node, &list); });
    int count = 0;
    klist_iter i;
    klist_iter_init(&list, &i);
    while (klist_next(&i) != nullptr) ++count;
    klist_iter_exit(&i);
    execution.JoinAll();
    met.Add(count);
  });
  CheckClean(result);
  CHECK(met == Seen::Of(1, 2));
}

TEST_CASE("klist_remove waits until every iterator has left the node") {
  Seen waited;
  const ExplorationResult result = Search([&](Execution& execution) {
    klist list;
    Item a;
    heddle::Atomic<int> inside{0, "inside"};
    bool was_inside = false;
    klist_init(&list, GetItem, PutItem);
    klist_add_tail(&a.node, &list);
    execution.Spawn("walker", [&] {
      klist_iter i;
      klist_iter_init(&list, &i);
      if (klist_next(&i) != nullptr) {
        was_inside = true;
        inside.store(1);
        inside.store(0);
      }
      klist_iter_exit(&i);
    });
    klist_remove(&a.node);
    HEDDLE_ENSURE(inside.load() == 0);
    HEDDLE_ENSURE(!klist_node_attached(&a.node));
    HEDDLE_ENSURE(a.puts == 1 || was_inside);
    execution.JoinAll();
    HEDDLE_ENSURE(a.puts == 1);
    waited.Add(was_inside ? 1 : 0);
  });
  CheckClean(result);
  CHECK(waited == Seen::Of(0, 1));
}

TEST_CASE("klist_remove of the node at which the own iterator stands waits for itself") {
  const ExplorationResult result = Search([](Execution&) {
    klist list;
    Item a;
    klist_init(&list, nullptr, nullptr);
    klist_add_tail(&a.node, &list);
    klist_iter i;
    klist_iter_init(&list, &i);
    klist_next(&i);
    klist_remove(&a.node);
  });
  CheckFailure(result, FailureKind::kRecursiveDeadlock, {"a.node"}, {"main"});
}

TEST_CASE("klist_remove under a lock that the walker takes is a deadlock through the node") {
  const ExplorationResult result = Search([](Execution& execution) {
    klist list;
    Item a;
    heddle::Mutex lock{"lock"};
    klist_init(&list, nullptr, nullptr);
    klist_add_tail(&a.node, &list);
    execution.Spawn("walker", [&] {
      klist_iter i;
      klist_iter_init(&list, &i);
      if (klist_next(&i) != nullptr) {
        lock.Lock();
        lock.Unlock();
      }
      klist_iter_exit(&i);
    });
    lock.Lock();
    klist_remove(&a.node);
    lock.Unlock();
    execution.JoinAll();
  });
  CheckFailure(result, FailureKind::kDeadlock, {"a.node", "lock"}, {"main", "walker"});
}

TEST_CASE("klist_del of a node that was deleted before is a warning") {
  const ExplorationResult result = Search([](Execution&) {
    klist list;
    Item a;
    klist_init(&list, nullptr, nullptr);
    klist_add_tail(&a.node, &list);
    klist_iter pin;
    klist_iter_init_node(&list, &pin, &a.node);
    klist_del(&a.node);
    klist_del(&a.node);
  });
  REQUIRE(result.failure() != nullptr);
  CHECK(result.failure()->kind == FailureKind::kAssertion);
  CHECK(result.failure()->functions == Names{"operator()"});
}

}  // namespace
}  // namespace models::kernel
