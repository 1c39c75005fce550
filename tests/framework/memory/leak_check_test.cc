// SPDX-License-Identifier: MIT

#include "heddle/memory/leak_check.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/memory/arena.h"

namespace heddle {
namespace {

struct Node {
  Node* next = nullptr;
  char* tail = nullptr;
};

struct Fixture {
  Fixture() { arena.Reset(); }
  ~Fixture() { arena.Reset(); }

  Node* Allocate(const char* name, bool is_internal = false) {
    void* const block = arena.Allocate({.size = sizeof(Node),
                                        .name = name,
                                        .content = BlockContent::kZeroed,
                                        .is_internal = is_internal},
                                       {});
    return static_cast<Node*>(block);
  }

  template <class T>
  void Scan(const T& root) {
    check.Scan({.begin = reinterpret_cast<uintptr_t>(&root), .size = sizeof(root)});
  }

  std::vector<std::string> Leaks() {
    std::vector<std::string> names;
    for (const Block* block : check.Leaks()) names.emplace_back(block->name);
    return names;
  }

  Arena& arena = Arena::Instance();
  LeakCheck check{arena};
};

TEST_CASE_FIXTURE(Fixture, "what a root leads to, over any number of blocks, is no leak") {
  Node* const head = Allocate("head");
  head->next = Allocate("middle");
  head->next->next = Allocate("last");
  Allocate("lost");
  check.Begin();
  CHECK(check.HasUnreached());
  Scan(head);
  CHECK(Leaks() == std::vector<std::string>{"lost"});
}

TEST_CASE_FIXTURE(Fixture,
                  "blocks that lead to each other, and to which nothing leads, are leaks") {
  Node* const one = Allocate("one");
  Node* const other = Allocate("other");
  one->next = other;
  other->next = one;
  check.Begin();
  CHECK(Leaks() == std::vector<std::string>{"one", "other"});
}

TEST_CASE_FIXTURE(Fixture, "a pointer into the middle keeps a block, one past its end does not") {
  Node* const inside = Allocate("inside");
  Node* const past = Allocate("past");
  char* const pointers[] = {reinterpret_cast<char*>(inside) + 12,
                            reinterpret_cast<char*>(past + 1)};
  check.Begin();
  Scan(pointers);
  CHECK(Leaks() == std::vector<std::string>{"past"});
}

TEST_CASE_FIXTURE(
    Fixture, "freed blocks and blocks of the framework are no leaks, and the latter are roots") {
  Node* const internal = Allocate("internal", true);
  internal->next = Allocate("held");
  Node* const freed = Allocate("freed");
  freed->next = Allocate("lost");
  Node* const lost = freed->next;
  arena.Free(reinterpret_cast<uintptr_t>(freed), {});
  check.Begin();
  const Node* nothing = nullptr;
  Scan(nothing);
  CHECK(Leaks() == std::vector<std::string>{"lost"});
  CHECK(lost != nullptr);
}

TEST_CASE_FIXTURE(
    Fixture, "a kept block of an earlier execution is reached and followed, and never a leak") {
  Node* const kept = Allocate("kept");
  arena.Keep(*arena.FindExact(reinterpret_cast<uintptr_t>(kept)));
  arena.Reset();
  kept->next = Allocate("new");
  check.Begin();
  CHECK(Leaks() == std::vector<std::string>{"new"});
  Scan(kept);
  CHECK(Leaks().empty());
  CHECK(check.Reached().size() == 2);
}

int global_number = 0;
thread_local int thread_number = 0;

bool IsCovered(const void* data) {
  const auto address = reinterpret_cast<uintptr_t>(data);
  bool is_covered = false;
  for (const LeakCheck::Range& range : GlobalData()) {
    is_covered |= address - range.begin < range.size;
  }
  return is_covered;
}

TEST_CASE("the data of the program covers its globals and the thread-local ones, but no locals") {
  const int local = 0;
  CHECK(IsCovered(&global_number));
  CHECK(IsCovered(&thread_number));
  CHECK_FALSE(IsCovered(&local));
}

}  // namespace
}  // namespace heddle
