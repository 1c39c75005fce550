// SPDX-License-Identifier: MIT
//
// Relacy's tests are types with the number of threads in them, so each program of the table is an
// instance of a template here. Operations are counted by the program, for Relacy does not tell its
// scheduling points.

#include "tools/bench/relacy_programs.h"

#include <cstring>
#include <sstream>

#include "heddle/base/check.h"

#include <relacy/relacy.hpp>

namespace heddle::bench {

static uint64_t operations = 0;

namespace {

template <int kTasks, int kRounds>
struct RacyTest : rl::test_suite<RacyTest<kTasks, kRounds>, kTasks> {
  rl::atomic<int> x;

  void before() { x.store(0, rl::mo_seq_cst, $); }
  void thread(unsigned /*index*/) {
    for (int i = 0; i < kRounds; ++i) {
      const int value = x.load(rl::mo_seq_cst, $);
      x.store(value + 1, rl::mo_seq_cst, $);
      operations += 2;
    }
  }
};

template <int kTasks, int kRounds>
struct LockTest : rl::test_suite<LockTest<kTasks, kRounds>, kTasks> {
  rl::mutex m;

  void thread(unsigned /*index*/) {
    for (int i = 0; i < kRounds; ++i) {
      m.lock($);
      m.unlock($);
      operations += 2;
    }
  }
};

template <int kTasks>
struct OrderedPhilosophersTest : rl::test_suite<OrderedPhilosophersTest<kTasks>, kTasks> {
  rl::mutex forks[kTasks];

  void thread(unsigned index) {
    unsigned first = index;
    unsigned second = (index + 1) % kTasks;
    if (index == kTasks - 1) std::swap(first, second);
    forks[first].lock($);
    forks[second].lock($);
    forks[second].unlock($);
    forks[first].unlock($);
    operations += 4;
  }
};

template <int kItems>
struct ProducerConsumerTest : rl::test_suite<ProducerConsumerTest<kItems>, 2> {
  rl::mutex m;
  rl::condition_variable_any changed;
  bool full;

  void before() { full = false; }
  void thread(unsigned index) {
    const bool wanted = index == 0;
    for (int i = 0; i < kItems; ++i) {
      m.lock($);
      while (full == wanted) {
        changed.wait(m, $);
        ++operations;
      }
      full = wanted;
      changed.notify_one($);
      m.unlock($);
      operations += 3;
    }
  }
};

}  // namespace

template <class Test>
static Measurement Simulate(Search search) {
  Measurement sum;
  operations = 0;
  const Meter meter;
  while (sum.seconds < kSecondsMin) {
    std::ostringstream discarded;
    rl::test_params params;
    params.output_stream = &discarded;
    params.progress_stream = &discarded;
    params.search_type = search == Search::kFull ? rl::sched_full : rl::sched_random;
    params.iteration_count = kSampledExecutions;
    const bool passed = rl::simulate<Test>(params);
    HEDDLE_CHECK(passed) << "Relacy found a failure: " << discarded.str();
    sum.executions += params.stop_iteration;
    sum.seconds = meter.Seconds();
  }
  sum.operations = operations;
  return sum;
}

Measurement RunRelacy(const Program& program, Search search) {
  const auto is = [&](const char* name, int first, int second) {
    return std::strcmp(program.name, name) == 0 && program.first == first &&
           program.second == second;
  };
  if (is("racy", 2, 3)) return Simulate<RacyTest<2, 3>>(search);
  if (is("racy", 2, 4)) return Simulate<RacyTest<2, 4>>(search);
  if (is("racy", 2, 5)) return Simulate<RacyTest<2, 5>>(search);
  if (is("lock", 2, 4)) return Simulate<LockTest<2, 4>>(search);
  if (is("lock", 2, 8)) return Simulate<LockTest<2, 8>>(search);
  if (is("ophil", 3, 0)) return Simulate<OrderedPhilosophersTest<3>>(search);
  if (is("ophil", 4, 0)) return Simulate<OrderedPhilosophersTest<4>>(search);
  if (is("prodcons", 4, 0)) return Simulate<ProducerConsumerTest<4>>(search);
  HEDDLE_CHECK(false) << "no Relacy program " << program.name << "(" << program.first << ","
                      << program.second << ")";
  return {};
}

}  // namespace heddle::bench
