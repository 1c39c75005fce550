// SPDX-License-Identifier: MIT
//
// Reports of findings made by hand, byte for byte: one for each kind of failure that the small
// programs of exploration_test do not show, and the shapes that only large programs have. All of
// them tell the same story: a worker uses a connection that another task deletes.

#include "heddle/report/failure_report.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/golden/golden.h"

namespace heddle {
namespace {

constexpr TaskId kWorker{1};
constexpr TaskId kUser{2};

const StackFrame kUpdate{"hci_le_conn_update", "models/bluetooth/hci_conn.cc", 61};
const StackFrame kReceive{"l2cap_recv_frame", "models/bluetooth/l2cap_core.cc", 340};
const StackFrame kDelete{"hci_conn_del", "models/bluetooth/hci_conn.cc", 112};
const StackFrame kDisconnect{"hci_disconn_complete_evt", "models/bluetooth/hci_event.cc", 77};
const StackFrame kAdd{"hci_conn_add", "models/bluetooth/hci_conn.cc", 30};

Event EventAt(uint64_t step, TaskId task, SwitchMark mark, std::string verb, std::string object,
              const StackFrame& frame) {
  return {.mark = mark,
          .step = step,
          .task = task,
          .verb = std::move(verb),
          .object = std::move(object),
          .function = frame.function,
          .file = frame.file,
          .line = frame.line};
}

Event NoteOf(Event event) {
  event.kind = EventKind::kNote;
  return event;
}

Trace SmallTrace() {
  Trace trace{.task_names = {"main", "kworker/hci0-rx", "bluetoothd"}};
  trace.events = {
      EventAt(1, kWorker, SwitchMark::kSwitch, "lock", "conn->lock", kReceive),
      NoteOf(EventAt(1, kWorker, SwitchMark::kNone, "unlock", "conn->lock", kReceive)),
      EventAt(2, kUser, SwitchMark::kPreemption, "lock", "hdev->lock", kDisconnect),
      NoteOf(EventAt(2, kUser, SwitchMark::kNone, "free", "hci_conn", kDelete)),
      NoteOf(EventAt(2, kUser, SwitchMark::kNone, "unlock", "hdev->lock", kDisconnect)),
      EventAt(3, kWorker, SwitchMark::kSwitch, "lock", "hdev->lock", kUpdate),
  };
  return trace;
}

Finding FindingOf(FailureKind kind, std::string title) {
  Finding finding{.execution = 15, .preemptions = 1, .steps = 3};
  finding.failure = {.kind = kind, .title = std::move(title), .step = 3, .task = kWorker};
  finding.failure.frames = {kUpdate, kReceive};
  finding.schedule = {
      .name = "bluetooth/sample@B0",
      .decisions = {Decision::Task(kWorker), Decision::Task(kUser), Decision::Task(kWorker)}};
  finding.trace = SmallTrace();
  finding.levels = {{.bounds = {.preemptions = 0, .faults = 0}, .executions = 12, .finished = true},
                    {.bounds = {.preemptions = 1, .faults = 0}, .executions = 3}};
  return finding;
}

MemoryEvent Touch(std::string what, TaskId task, uint64_t step, std::vector<StackFrame> frames) {
  return {.what = std::move(what),
          .task = task,
          .task_name = SmallTrace().task_names[task.value],
          .step = step,
          .frames = std::move(frames)};
}

MemoryEvent Freed() {
  return Touch("freed", kUser, 2, {kDelete, kDisconnect});
}
MemoryEvent Allocated() {
  return Touch("allocated", kBodyTask, 0, {kAdd});
}

Finding MemoryFinding(FailureKind kind, std::string title, int64_t offset,
                      std::vector<MemoryEvent> events) {
  Finding finding = FindingOf(kind, std::move(title));
  auto history = std::make_shared<MemoryHistory>();
  history->object = "hci_conn";
  history->object_size = 96;
  history->offset = offset;
  history->events = std::move(events);
  finding.failure.memory = std::move(history);
  return finding;
}

std::string ReportOf(const Finding& finding) {
  ExplorationResult result{.strategy = "exhaustive", .bounds = {.preemptions = 2, .faults = 0}};
  result.findings = {finding};
  return FailureReport(result, finding,
                       {.noun = "scenario",
                        .place = "scenarios/bluetooth/sample.cc:40",
                        .replay_command = ReplayByProgram(finding.schedule)});
}

void CheckReport(const std::string& file, const Finding& finding) {
  CHECK(golden::Difference(file, ReportOf(finding)) == "");
}

TEST_CASE("memory failures tell the history of their bytes") {
  const MemoryEvent write = Touch("write of size 2", kWorker, 3, {kUpdate, kReceive});
  const MemoryEvent read = Touch("read of size 8", kWorker, 3, {kUpdate, kReceive});
  const MemoryEvent free = Touch("free", kWorker, 3, {kDelete, kReceive});
  CheckReport("use_after_free.txt",
              MemoryFinding(FailureKind::kUseAfterFree,
                            "write of size 2 at offset 16 of hci_conn (96 bytes)", 16,
                            {write, Freed(), Allocated()}));
  CheckReport("double_free.txt",
              MemoryFinding(FailureKind::kDoubleFree, "free at offset 0 of hci_conn (96 bytes)", 0,
                            {free, Freed(), Allocated()}));
  CheckReport("invalid_free.txt",
              MemoryFinding(FailureKind::kInvalidFree, "free at offset 8 of hci_conn (96 bytes)", 8,
                            {free, Allocated()}));
  CheckReport("out_of_bounds.txt",
              MemoryFinding(FailureKind::kOutOfBounds,
                            "read of size 8 4 bytes past the end of hci_conn (96 bytes)", 100,
                            {read, Allocated()}));
  CheckReport(
      "uninitialised_read.txt",
      MemoryFinding(FailureKind::kUninitialisedRead,
                    "read of size 8 at offset 24 of hci_conn (96 bytes)", 24, {read, Allocated()}));
  CheckReport("stack_use_after_return.txt",
              MemoryFinding(FailureKind::kStackUseAfterReturn,
                            "read of size 8 at offset 8 of request (96 bytes)", 8,
                            {read, Touch("returned", kUser, 2, {kDisconnect}),
                             Touch("entered", kUser, 0, {kDisconnect})}));
  CheckReport("leak.txt",
              MemoryFinding(FailureKind::kLeak,
                            "hci_conn (96 bytes) live at the end, and nothing leads there", 0,
                            {Allocated()}));
}

TEST_CASE("a null access has a stack, but no object") {
  Finding finding =
      MemoryFinding(FailureKind::kOops, "read of size 8 through a null pointer, at offset 24", 0,
                    {Touch("read of size 8", kWorker, 3, {kUpdate, kReceive})});
  auto history = std::make_shared<MemoryHistory>(*finding.failure.memory);
  history->object.clear();
  history->object_size = 0;
  finding.failure.memory = std::move(history);
  CheckReport("oops.txt", finding);
}

TEST_CASE("a race shows both accesses, the later one first") {
  CheckReport(
      "data_race.txt",
      MemoryFinding(FailureKind::kDataRace,
                    "write of size 2 by bluetoothd and read of size 2 by kworker/hci0-rx of "
                    "hci_conn, unordered",
                    16,
                    {Touch("read of size 2", kWorker, 3, {kUpdate, kReceive}),
                     Touch("write of size 2", kUser, 2, {kDisconnect}), Allocated()}));
}

TEST_CASE("failures without a history say where they happened") {
  CheckReport("atomic_sleep.txt",
              FindingOf(FailureKind::kAtomicSleep, "mutex_lock under a spinlock (list->lock)"));
  CheckReport(
      "rcu_misuse.txt",
      FindingOf(FailureKind::kRcuMisuse, "synchronize_rcu inside a read section of the same task"));
  CheckReport("abort.txt", FindingOf(FailureKind::kAbort, "abort() was called"));
  Finding predicted = FindingOf(FailureKind::kLockOrder, "conn->lock, hdev->lock");
  predicted.failure.details = {
      "conn->lock, then hdev->lock: T1 kworker/hci0-rx in l2cap_recv_frame > hci_le_conn_update.",
      "hdev->lock, then conn->lock: T2 bluetoothd in hci_disconn_complete_evt."};
  CheckReport("lock_order.txt", predicted);
}

TEST_CASE("a livelock counts the steps of those that take part") {
  Finding finding = FindingOf(FailureKind::kLivelock, "T1 and T2 run for ever without progress");
  for (uint64_t step = 4; step <= 400; ++step) {
    finding.trace.events.push_back(EventAt(step, step % 2 == 0 ? kUser : kWorker,
                                           SwitchMark::kSwitch, "trylock", "conn->lock",
                                           step % 2 == 0 ? kDisconnect : kReceive));
  }
  finding.steps = 400;
  CheckReport("livelock.txt", finding);
}

TEST_CASE("a cycle of twelve tasks is a list") {
  Finding finding = FindingOf(FailureKind::kDeadlock, "lock_0 to lock_11");
  finding.trace = {};
  for (uint16_t i = 0; i < 12; ++i) {
    const TaskId task{i};
    const std::string name = "worker/" + std::to_string(i);
    const std::string own = "pool->locks[" + std::to_string(i) + "]";
    const uint16_t next = (i + 1) % 12;
    const std::string wanted = "pool->locks[" + std::to_string(next) + "]";
    finding.trace.task_names.push_back(name);
    finding.trace.events.push_back(EventAt(i + 1U, task, SwitchMark::kSwitch, "lock", own, kAdd));
    finding.failure.waits.push_back({.task = task,
                                     .task_name = name,
                                     .verb = "lock",
                                     .object = wanted,
                                     .function = "pool_take_pair",
                                     .owners = {TaskId{next}},
                                     .holdings = {{.object = own, .step = i + 1U}}});
  }
  finding.failure.cycle_size = 12;
  finding.preemptions = 0;
  finding.execution = 1;
  finding.levels = {{.bounds = {.preemptions = 0, .faults = 0}, .executions = 1}};
  finding.steps = 12;
  CheckReport("cycle_of_twelve.txt", finding);
}

TEST_CASE("a long execution with many bystanders shows what matters") {
  Finding finding = MemoryFinding(FailureKind::kUseAfterFree,
                                  "write of size 2 at offset 16 of hci_conn (96 bytes)", 16,
                                  {Touch("write of size 2", kWorker, 703, {kUpdate, kReceive}),
                                   Touch("freed", kUser, 402, {kDelete}), Allocated()});
  std::vector<Event> events;
  const auto add_bystanders = [&](uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      const TaskId task{static_cast<uint16_t>(3 + i % 9)};
      events.push_back(
          EventAt(events.size() + 1, task, SwitchMark::kSwitch, "load", "hdev->flags", kAdd));
    }
  };
  add_bystanders(401);
  events.push_back(EventAt(402, kUser, SwitchMark::kPreemption, "lock", "hdev->lock", kDisconnect));
  events.push_back(NoteOf(EventAt(402, kUser, SwitchMark::kNone, "free", "hci_conn", kDelete)));
  add_bystanders(299);
  events.push_back(EventAt(703, kWorker, SwitchMark::kSwitch, "lock", "hdev->lock", kUpdate));
  finding.trace.events = std::move(events);
  for (int i = 3; i < 12; ++i) finding.trace.task_names.push_back("kworker/" + std::to_string(i));
  finding.schedule.decisions.assign(90, Decision::Task(kUser));
  for (size_t i = 0; i < 90; i += 2) finding.schedule.decisions[i] = Decision::Task(kWorker);
  finding.steps = 703;
  CheckReport("long_execution.txt", finding);
}

}  // namespace
}  // namespace heddle
