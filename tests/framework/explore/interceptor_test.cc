// SPDX-License-Identifier: MIT
//
// What an interceptor can change about explorations, seen from the test that calls Explore.

#include "heddle/explore/interceptor.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "heddle/explore/explore.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

void TwoLockers(Execution& execution) {
  Mutex m{"m"};
  for (int i = 0; i < 2; ++i) {
    execution.Spawn("locker", [&] {
      m.Lock();
      m.Unlock();
    });
  }
  execution.JoinAll();
}

// Skips explorations called "other", and lets all others run once.
class OneExecution final : public Interceptor {
 public:
  OneExecution() : outer_(SetInterceptor(this)) {}
  ~OneExecution() override { SetInterceptor(outer_); }

  bool Adjust(ExploreOptions* options) override {
    options->executions_max = 1;
    return options->name != "other";
  }
  void Explored(const ExplorationResult& result) override { seen.push_back(result.name); }

  std::vector<std::string> seen;

 private:
  Interceptor* outer_;
};

TEST_CASE("options are those of the interceptor while there is one") {
  CHECK(Explore({.name = "mine"}, TwoLockers).executions == 2);
  {
    OneExecution interceptor;
    const ExplorationResult result = Explore({.name = "mine"}, TwoLockers);
    CHECK(result.executions == 1);
    CHECK(result.stopped_by == StoppedBy::kExecutions);
    CHECK_FALSE(result.skipped);
  }
  CHECK(Explore({.name = "mine"}, TwoLockers).executions == 2);
}

TEST_CASE("a skipped exploration runs nothing and says so") {
  OneExecution interceptor;
  bool ran = false;
  const ExplorationResult result = Explore({.name = "other"}, [&](Execution&) { ran = true; });
  CHECK_FALSE(ran);
  CHECK(result.skipped);
  CHECK_FALSE(result.exhausted);
  CHECK(result.executions == 0);
}

TEST_CASE("the interceptor sees each result, skipped ones too") {
  OneExecution interceptor;
  Explore({.name = "mine"}, TwoLockers);
  Explore({.name = "other"}, TwoLockers);
  CHECK(interceptor.seen == std::vector<std::string>{"mine", "other"});
}

}  // namespace
}  // namespace heddle
