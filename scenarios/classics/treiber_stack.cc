// SPDX-License-Identifier: MIT
//
// A lock-free stack whose nodes are used again (Treiber 1986).
//
//   slow:  pop: read top = A, next = B ...................... compare and swap top from A to B
//   fast:                               pop A, pop B, push A
//
// Bug:    the compare and swap finds A on top again and installs B, which is no longer in the stack
//         (ABA).
// Expect: plain pointers lose the stack's structure with one preemption; a counter beside the
//         pointer holds.

#include <array>
#include <cstdint>

#include "heddle/sync/atomic.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct StackOptions {
  bool counts_pops = false;
};

namespace {

constexpr int kNone = -1;
constexpr int kNodes = 3;

// Top of the stack: index of a node, and how often the top was replaced.
struct Top {
  int node = kNone;
  int count = 0;
};

class TreiberStack {
 public:
  explicit TreiberStack(bool counts) : counts_(counts) {}

  void Push(int node) {
    Top top = top_.load();
    do {
      next_[static_cast<size_t>(node)].store(top.node);
    } while (!top_.compare_exchange_strong(top, After(top, node)));
  }

  int Pop() {
    Top top = top_.load();
    while (top.node != kNone) {
      const int next = next_[static_cast<size_t>(top.node)].load();
      if (top_.compare_exchange_strong(top, After(top, next))) return top.node;
    }
    return kNone;
  }

 private:
  Top After(const Top& top, int node) const { return {node, counts_ ? top.count + 1 : 0}; }

  bool counts_;
  heddle::Atomic<Top> top_{Top{}, "stack.top"};
  std::array<heddle::Atomic<int>, kNodes> next_{heddle::Atomic<int>{kNone, "node.next"},
                                                heddle::Atomic<int>{kNone, "node.next"},
                                                heddle::Atomic<int>{kNone, "node.next"}};
};

}  // namespace

static void PopWhileReused(heddle::Execution& execution, const StackOptions& options) {
  TreiberStack stack(options.counts_pops);
  // How often each node is out of the stack, in somebody's hands.
  std::array<int, kNodes> owners = {};
  stack.Push(1);
  stack.Push(0);
  execution.Spawn("slow", [&] {
    const int node = stack.Pop();
    if (node != kNone) ++owners[static_cast<size_t>(node)];
  });
  execution.Spawn("fast", [&] {
    const int first = stack.Pop();
    const int second = stack.Pop();
    if (second != kNone) ++owners[static_cast<size_t>(second)];
    if (first != kNone) stack.Push(first);
  });
  execution.JoinAll();
  for (int node = stack.Pop(); node != kNone; node = stack.Pop()) {
    ++owners[static_cast<size_t>(node)];
  }
  HEDDLE_ENSURE(owners[0] == 1 && owners[1] == 1);
}

static const bool bugs = heddle::RegisterBugs(
    "classics",
    {{.id = "pointer-assertion",
      .kind = heddle::FailureKind::kAssertion,
      .functions = {"PopWhileReused"},
      .sentence = "a compare and swap takes a node that came back for one that never left"}});

static const bool treiber_stack = heddle::Register<StackOptions>({
    .name = "classics/treiber_stack",
    .story = "A slow pop meets a stack whose nodes are used again.",
    .body = PopWhileReused,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "pointer",
                  .options = {},
                  .executions = 38,
                  .findings = {{.bug = "pointer-assertion", .preemptions = 1}}},
                 {.id = "counted",
                  .options = {.counts_pops = true},
                  .executions = 38,
                  .decides = {"pointer-assertion"}}},
});

}  // namespace scenarios
