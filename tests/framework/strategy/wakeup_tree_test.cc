// SPDX-License-Identifier: MIT
//
// What a wakeup tree keeps of the sequences inserted into it: one branch per class of equivalent
// beginnings, explored in the order of insertion.

#include "heddle/strategy/wakeup_tree.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace heddle {
namespace {

// A step of `task` that writes `object`.
WakeupStep Step(uint16_t task, uint64_t object, std::vector<uint32_t> values = {}) {
  return {.task = TaskId{task}, .accesses = {{.object = object}}, .values = std::move(values)};
}

WakeupTree::Sequence Sequence(std::vector<WakeupStep> steps) {
  WakeupTree::Sequence sequence;
  for (uint32_t j = 0; j < steps.size(); ++j) {
    sequence.before.emplace_back();
    for (uint32_t i = 0; i < j; ++i) {
      const bool ordered =
          steps[i].task == steps[j].task || AreDependent(steps[i].accesses, steps[j].accesses);
      if (ordered) sequence.before.back().push_back(i);
    }
  }
  sequence.steps = std::move(steps);
  return sequence;
}

void Describe(const WakeupTree::Node& node, std::string* text) {
  *text += std::to_string(node.step.task.value);
  if (node.children.empty()) return;
  *text += '(';
  for (const auto& child : node.children) Describe(*child, text);
  *text += ')';
}

// Takes the tree apart branch by branch.
std::string Describe(WakeupTree tree) {
  std::string text;
  while (!tree.empty()) {
    if (!text.empty()) text += ' ';
    Describe(tree.First(), &text);
    tree.TakeFirst();
  }
  return text;
}

TEST_CASE("a sequence becomes a branch, and one that differs at once another") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7), Step(2, 7)}));
  tree.Insert(Sequence({Step(2, 7), Step(1, 7)}));
  CHECK(Describe(std::move(tree)) == "1(2) 2(1)");
}

TEST_CASE("an equivalent sequence, or the beginning of one, adds nothing") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7), Step(2, 8)}));
  tree.Insert(Sequence({Step(2, 8), Step(1, 7)}));  // The two commute.
  tree.Insert(Sequence({Step(1, 7)}));
  CHECK(Describe(std::move(tree)) == "1(2)");
}

TEST_CASE("a sequence that goes on where a path ends is explored below it anyway") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7)}));
  tree.Insert(Sequence({Step(1, 7), Step(2, 7)}));
  CHECK(Describe(std::move(tree)) == "1");
}

TEST_CASE("sequences that part later share the branch up to there") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7), Step(2, 8), Step(3, 8)}));
  tree.Insert(Sequence({Step(1, 7), Step(3, 8), Step(2, 8)}));
  CHECK(Describe(std::move(tree)) == "1(2(3)3(2))");
}

TEST_CASE(
    "a step that the sequence does not depend on is passed by, one it conflicts with is not") {
  WakeupTree passes;
  passes.Insert(Sequence({Step(1, 7), Step(2, 8)}));
  passes.Insert(Sequence({Step(3, 8), Step(2, 8)}));
  // Step 1 has nothing to do with the second sequence: it leads there as well.
  CHECK(Describe(std::move(passes)) == "1(23(2))");
  WakeupTree conflicts;
  conflicts.Insert(Sequence({Step(1, 8), Step(2, 8)}));
  conflicts.Insert(Sequence({Step(3, 8), Step(2, 8)}));
  CHECK(Describe(std::move(conflicts)) == "1(2) 3(2)");
}

TEST_CASE("a step that takes other values has a branch of its own, and both are taken together") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7, {0})}));
  tree.Insert(Sequence({Step(3, 7)}));
  tree.Insert(Sequence({Step(1, 7, {1}), Step(2, 7)}));
  tree.Insert(Sequence({Step(1, 7, {1}), Step(2, 7)}));
  std::vector<WakeupTree::Branch> taken = tree.TakeFirst();
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].step.values == std::vector<uint32_t>{0});
  CHECK(taken[0].rest.empty());
  CHECK(taken[1].step.values == std::vector<uint32_t>{1});
  CHECK(Describe(std::move(taken[1].rest)) == "2");
  CHECK(Describe(std::move(tree)) == "3");
}

TEST_CASE("a step that may be impossible covers nothing but sequences that begin with it") {
  WakeupTree tree;
  WakeupStep wait = Step(1, 7);
  wait.accesses.front().blocking = Blocking::kMaybe;
  tree.Insert(Sequence({wait}));
  tree.Insert(Sequence({Step(2, 8)}));
  tree.Insert(Sequence({wait, Step(2, 8)}));
  CHECK(Describe(std::move(tree)) == "1 2");
}

TEST_CASE("a first step is added whatever other branches lead to, once for its task") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7)}));
  tree.InsertFirst(Step(2, 8));
  tree.InsertFirst(Step(2, 8));
  CHECK(Describe(std::move(tree)) == "1 2");
}

TEST_CASE("taking the first branch leaves the others and returns what comes below it") {
  WakeupTree tree;
  tree.Insert(Sequence({Step(1, 7), Step(2, 7), Step(3, 7)}));
  tree.Insert(Sequence({Step(2, 7), Step(1, 7)}));
  CHECK(tree.First().step.task == TaskId{1});
  CHECK(Describe(std::move(tree.TakeFirst().front().rest)) == "2(3)");
  CHECK(Describe(std::move(tree)) == "2(1)");
  CHECK(WakeupTree().empty());
}

TEST_CASE("steps are dependent if any access of one is on any of the other") {
  const WakeupStep both{.task = TaskId{1}, .accesses = {{.object = 1}, {.object = 2}}};
  CHECK(AreDependent(both.accesses, Step(2, 2).accesses));
  CHECK_FALSE(AreDependent(both.accesses, Step(2, 3).accesses));
  const std::vector<StepAccess> reads{{.object = 2, .mode = AccessMode::kRead}};
  CHECK(AreDependent(both.accesses, reads));
  CHECK_FALSE(AreDependent(reads, reads));
  CHECK_FALSE(AreDependent({}, reads));
}

}  // namespace
}  // namespace heddle
