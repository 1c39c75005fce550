// SPDX-License-Identifier: MIT
//
// Lazy initialisation that looks at the pointer first without the lock.
//
//   each task:  if instance == null { lock; if instance == null { instance = new; fill it in } }
//               use instance
//
// Bug:    the pointer is published before the object is filled in: the second task can use an
//         object that is not ready.
// Expect: publish-first is read half-built with one preemption; publish-last holds.

#include <mutex>

#include "heddle/sync/atomic.h"
#include "heddle/sync/mutex.h"
#include "heddle/testing/scenario.h"

namespace scenarios {

struct LazyOptions {
  bool publishes_last = false;
};

namespace {

struct Instance {
  heddle::Atomic<int> value{0, "instance.value"};
};

class Lazy {
 public:
  explicit Lazy(bool publishes_last) : publishes_last_(publishes_last) {}
  ~Lazy() { delete instance_.load(); }
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;

  Instance* Get() {
    if (Instance* instance = instance_.load(std::memory_order_acquire)) return instance;
    const std::lock_guard lock(mutex_);
    Instance* instance = instance_.load();
    if (instance != nullptr) return instance;
    instance = new Instance;
    if (!publishes_last_) instance_.store(instance);
    instance->value.store(42);
    if (publishes_last_) instance_.store(instance, std::memory_order_release);
    return instance;
  }

 private:
  bool publishes_last_;
  heddle::Mutex mutex_{"lazy.mutex"};
  heddle::Atomic<Instance*> instance_{nullptr, "lazy.instance"};
};

}  // namespace

static void UseInstance(Lazy* lazy) {
  HEDDLE_ENSURE(lazy->Get()->value.load() == 42);
}

static void UseLazily(heddle::Execution& execution, const LazyOptions& options) {
  Lazy lazy(options.publishes_last);
  for (const char* name : {"first", "second"}) {
    execution.Spawn(name, [&lazy] { UseInstance(&lazy); });
  }
  execution.JoinAll();
}

static const bool bugs =
    heddle::RegisterBugs("classics", {{.id = "publish-first-assertion",
                                       .kind = heddle::FailureKind::kAssertion,
                                       .functions = {"UseInstance"},
                                       .sentence = "an object is used before it is filled in"}});

static const bool double_checked_locking = heddle::Register<LazyOptions>({
    .name = "classics/double_checked_locking",
    .story = "Two tasks initialise one object lazily.",
    .body = UseLazily,
    .bounds = {.preemptions = 2, .faults = 0},
    .variants = {{.id = "publish-first",
                  .options = {},
                  .executions = 24,
                  .findings = {{.bug = "publish-first-assertion", .preemptions = 1}}},
                 {.id = "publish-last",
                  .options = {.publishes_last = true},
                  .executions = 24,
                  .decides = {"publish-first-assertion"}}},
});

}  // namespace scenarios
