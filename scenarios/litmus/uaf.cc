// SPDX-License-Identifier: MIT
//
// Two tasks, one object that a pointer leads to.
//
//   user:     look at the pointer; use the object
//   remover:  clear the pointer;   delete the object
//
// Bug:    clearing the pointer stops those who have not looked yet, not the one that has.
// Expect: uses freed memory with one preemption.

#include "heddle/sync/atomic.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct Nothing {};

struct Entry {
  int uses = 0;
};

static void UseEntry(Entry* entry) {
  ++entry->uses;
}

static void Uaf(heddle::Execution& execution, const Nothing& /*options*/) {
  heddle::Atomic<Entry*> current{new Entry, "current"};
  execution.Spawn("user", [&] {
    if (Entry* entry = current.load()) UseEntry(entry);
  });
  execution.Spawn("remover", [&] { delete current.exchange(nullptr); });
  execution.JoinAll();
}

static const bool bugs = heddle::RegisterBugs(
    "litmus",
    {{.id = "default-use-after-free",
      .kind = heddle::FailureKind::kUseAfterFree,
      .functions = {"UseEntry"},
      .sentence = "an object is used by one who found it before the pointer was cleared"}});

static const bool uaf = heddle::Register<Nothing>({
    .name = "litmus/uaf",
    .story = "One task uses an object that another one deletes after clearing the pointer to it.",
    .body = Uaf,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "default",
                  .options = {},
                  .executions = 7,
                  .findings = {{.bug = "default-use-after-free", .preemptions = 1}}}},
});

}  // namespace scenarios
