// SPDX-License-Identifier: MIT
//
// A row as a test: a small deadlock, pinned rightly and wrongly, with and without overrides.

#include "heddle/testing/row_check.h"

#include <doctest/doctest.h>

#include <string>

#include "heddle/core/execution.h"
#include "heddle/core/schedule.h"
#include "heddle/sync/mutex.h"

namespace heddle {
namespace {

void Abba(Execution& execution) {
  Mutex a{"a"};
  Mutex b{"b"};
  execution.Spawn("left", [&] {
    a.Lock();
    b.Lock();
    b.Unlock();
    a.Unlock();
  });
  execution.Spawn("right", [&] {
    b.Lock();
    a.Lock();
    a.Unlock();
    b.Unlock();
  });
  execution.JoinAll();
}

struct Fixture {
  Fixture() {
    catalogue.Add({.id = "abba", .kind = FailureKind::kDeadlock, .objects = {"a", "b"}});
    scenario = {.name = "litmus/abba",
                .rows = {{.id = "default",
                          .body = Abba,
                          .bounds = {.preemptions = 2, .faults = 0},
                          .executions = 4,
                          .findings = {{.bug = "abba", .preemptions = 1}}}}};
  }

  RowCheck Checked(const Environment& environment = {}) const {
    return CheckRow({&scenario, &scenario.rows[0]}, catalogue, environment);
  }
  RowCheck Replayed(const std::string& schedule) const {
    return Checked({.schedule = ParseSchedule(schedule).value()});
  }

  BugCatalogue catalogue;
  RegisteredScenario scenario;
};

TEST_CASE_FIXTURE(Fixture, "a row whose pins hold has nothing to complain about") {
  CHECK(Checked().complaint == "");
}

TEST_CASE_FIXTURE(Fixture, "a wrong count is said without a report, for nothing failed") {
  scenario.rows[0].executions = 5;
  CHECK(Checked().complaint ==
        "litmus/abba@default is not as pinned\n"
        "  expected 5 executions, saw 4\n");
}

TEST_CASE_FIXTURE(Fixture, "an unexpected failure comes with its report and replay line") {
  scenario.rows[0].findings.clear();
  const std::string complaint = Checked().complaint;
  CHECK(
      complaint.starts_with("litmus/abba@default is not as pinned\n"
                            "  unexpected deadlock (abba): "));
  CHECK(complaint.find("HEDDLE_SCHEDULE=w1:litmus/abba@default:") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "under a seed a pinned failure fails, and wrong pins alone do not") {
  CHECK(Checked({.seed = 1}).complaint.find("deadlock") != std::string::npos);
  scenario.rows[0].body = [](Execution& execution) {
    Mutex m{"m"};
    execution.Spawn("one", [&] {
      m.Lock();
      m.Unlock();
    });
    execution.JoinAll();
  };
  CHECK(Checked().complaint != "");
  CHECK(Checked({.seed = 1}).complaint == "");
  CHECK(Checked({.executions_max = 1}).complaint == "");
}

TEST_CASE_FIXTURE(Fixture, "a schedule for this row is replayed, one for another row skips it") {
  CHECK(Replayed("w1:litmus/abba@default:1.2").complaint.find("deadlock") != std::string::npos);
  CHECK(Replayed("w1:litmus/abba@default:1x2").complaint == "");
  const RowCheck other = Replayed("w1:litmus/abba@fixed:1.2");
  CHECK(other.is_skipped);
  CHECK(other.complaint == "");
}

TEST_CASE_FIXTURE(Fixture, "a schedule that does not fit fails its row with place and reason") {
  CHECK(Replayed("w1:litmus/abba@default:1.9").complaint ==
        "DIVERGED at decision 2: the schedule runs T9, but there are only 3 tasks; the program or "
        "the model has changed since this schedule was recorded");
}

}  // namespace
}  // namespace heddle
