// SPDX-License-Identifier: MIT

#include "heddle/core/wait_graph.h"

#include <algorithm>
#include <utility>

#include "heddle/core/execution.h"

namespace heddle {

namespace {

// One blocked task and those who could bring it on.
struct Wait {
  TaskId task;
  WaitRule rule = WaitRule::kAllOwners;
  TaskSet owners;
};

class WaitGraph {
 public:
  explicit WaitGraph(const Execution& execution) : execution_(execution), waits_(Storage()) {
    waits_.clear();
    CollectWaits();
    Reduce();
  }

  std::optional<Failure> Describe() const;

 private:
  void CollectWaits();
  void Reduce();
  bool CanGoOn(const Wait& wait) const;
  TaskSet OwnersOf(const Task& task) const;
  std::vector<const Wait*> FindCycle() const;
  const Wait* FindWait(TaskId task) const;
  TaskId NextOnCycle(const Wait& wait) const;
  std::vector<HeldObject> HoldingsOf(const Task& task) const;
  WaitEdge Edge(const Wait& wait) const;
  WaitEdge DeadEdge(const Task& task) const;
  void AddRest(Failure* failure) const;
  void DescribeHang(Failure* failure) const;

  // Kept from one graph to the next: many are made on the way of an execution that passes, and
  // there is one at a time.
  static std::vector<Wait>& Storage() {
    static std::vector<Wait> storage;
    return storage;
  }

  const Execution& execution_;
  std::vector<Wait>& waits_;
  TaskSet live_;  // Tasks that can go on, now or later.
  TaskSet stuck_;
};

// A wait of a live task with a deadline ends by itself; an idle worker needs no help.
void WaitGraph::CollectWaits() {
  const TaskList& tasks = execution_.tasks();
  for (uint16_t i = 0; i < tasks.size(); ++i) {
    const Task& task = tasks[TaskId{i}];
    if (task.state == TaskState::kFinished || task.state == TaskState::kDead) continue;
    const bool blocked = task.pending != nullptr && !tasks.enabled().Has(task.id);
    if (!blocked || task.pending->deadline != kNever) {
      live_.Add(task.id);
    } else if (task.pending->type->rule != WaitRule::kIdle) {
      waits_.push_back(
          {.task = task.id, .rule = task.pending->type->rule, .owners = OwnersOf(task)});
    }
  }
}

TaskSet WaitGraph::OwnersOf(const Task& task) const {
  TaskSet owners;
  const Operation& operation = *task.pending;
  if (operation.type->owners != nullptr) {
    operation.type->owners(execution_, operation, &owners);
    return owners;
  }
  for (uint16_t i = 0; i < execution_.tasks().size(); ++i) {
    if (execution_.FindHolding(TaskId{i}, operation.object) != nullptr) owners.Add(TaskId{i});
  }
  return owners;
}

// Moves waits whose owners can go on to the live side until nothing changes; what is left is stuck.
void WaitGraph::Reduce() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (const Wait& wait : waits_) {
      if (live_.Has(wait.task) || !CanGoOn(wait)) continue;
      live_.Add(wait.task);
      changed = true;
    }
  }
  for (const Wait& wait : waits_) {
    if (!live_.Has(wait.task)) stuck_.Add(wait.task);
  }
}

bool WaitGraph::CanGoOn(const Wait& wait) const {
  switch (wait.rule) {
    case WaitRule::kAllOwners:
      if (wait.owners.empty()) return !live_.empty();
      for (TaskId id = wait.owners.First(); id != kNoTask; id = wait.owners.After(id)) {
        if (!live_.Has(id)) return false;
      }
      return true;
    case WaitRule::kAnyOwner:
      return wait.owners.Intersects(live_);
    case WaitRule::kAnyone:
      return !live_.empty();
    case WaitRule::kIdle:
      return true;
  }
  return true;
}

const Wait* WaitGraph::FindWait(TaskId task) const {
  for (const Wait& wait : waits_) {
    if (wait.task == task) return &wait;
  }
  return nullptr;
}

// Returns the stuck owner of `wait` that a cycle through it would go on with, or kNoTask.
TaskId WaitGraph::NextOnCycle(const Wait& wait) const {
  if (wait.rule == WaitRule::kAnyone) return kNoTask;
  for (TaskId id = wait.owners.First(); id != kNoTask; id = wait.owners.After(id)) {
    if (stuck_.Has(id)) return id;
  }
  return kNoTask;
}

// Follows stuck owners from each stuck task until one comes again. The cycle begins with its lowest
// task.
std::vector<const Wait*> WaitGraph::FindCycle() const {
  for (TaskId start = stuck_.First(); start != kNoTask; start = stuck_.After(start)) {
    std::vector<const Wait*> path;
    TaskId at = start;
    while (at != kNoTask) {
      const Wait* wait = FindWait(at);
      const auto seen = std::find(path.begin(), path.end(), wait);
      if (seen != path.end()) {
        std::vector<const Wait*> cycle(seen, path.end());
        const auto lowest =
            std::min_element(cycle.begin(), cycle.end(),
                             [](const Wait* a, const Wait* b) { return a->task < b->task; });
        std::rotate(cycle.begin(), lowest, cycle.end());
        return cycle;
      }
      path.push_back(wait);
      at = NextOnCycle(*wait);
    }
  }
  return {};
}

std::vector<HeldObject> WaitGraph::HoldingsOf(const Task& task) const {
  std::vector<HeldObject> held;
  for (const Holding& holding : task.holdings) {
    held.push_back({.object = execution_.ObjectName(holding.object),
                    .step = holding.step,
                    .is_obligation = holding.mode == kObligation,
                    .function = holding.where.function,
                    .file = holding.where.file,
                    .line = holding.where.line});
  }
  return held;
}

WaitEdge WaitGraph::Edge(const Wait& wait) const {
  const Task& task = execution_.tasks()[wait.task];
  const Operation& operation = *task.pending;
  WaitEdge edge{.task = task.id, .task_name = task.name, .verb = operation.type->verb};
  if (operation.object != kExecutionObject) edge.object = execution_.ObjectName(operation.object);
  edge.function = operation.where.function;
  edge.file = operation.where.file;
  edge.line = operation.where.line;
  for (TaskId id = wait.owners.First(); id != kNoTask; id = wait.owners.After(id)) {
    edge.owners.push_back(id);
  }
  edge.holdings = HoldingsOf(task);
  return edge;
}

WaitEdge WaitGraph::DeadEdge(const Task& task) const {
  return {.task = task.id,
          .task_name = task.name,
          .verb = "dead",
          .is_dead = true,
          .has_finished = task.state == TaskState::kFinished,
          .holdings = HoldingsOf(task)};
}

// Appends the stuck tasks behind the cycle, and the dead ones that somebody waits for.
void WaitGraph::AddRest(Failure* failure) const {
  const auto named = [&](TaskId id) {
    return std::any_of(failure->waits.begin(), failure->waits.end(),
                       [&](const WaitEdge& edge) { return edge.task == id; });
  };
  for (const Wait& wait : waits_) {
    if (stuck_.Has(wait.task) && !named(wait.task)) failure->waits.push_back(Edge(wait));
  }
  for (const Wait& wait : waits_) {
    if (!stuck_.Has(wait.task)) continue;
    for (TaskId id = wait.owners.First(); id != kNoTask; id = wait.owners.After(id)) {
      const Task& owner = execution_.tasks()[id];
      const bool gone = owner.state == TaskState::kDead || owner.state == TaskState::kFinished;
      if (gone && !named(id)) failure->waits.push_back(DeadEdge(owner));
    }
  }
}

// Without a cycle each chain of waits ends at a task that nobody will bring on: those ends are the
// finding.
void WaitGraph::DescribeHang(Failure* failure) const {
  failure->kind = FailureKind::kHang;
  for (const Wait& wait : waits_) {
    if (!stuck_.Has(wait.task) || NextOnCycle(wait) != kNoTask) continue;
    const WaitEdge edge = Edge(wait);
    failure->waits.push_back(edge);
    if (!edge.object.empty()) failure->objects.push_back(edge.object);
    failure->tasks.push_back(edge.task_name);
    failure->functions.push_back(edge.function);
  }
}

std::optional<Failure> WaitGraph::Describe() const {
  if (stuck_.empty()) return std::nullopt;
  Failure failure;
  const std::vector<const Wait*> cycle = FindCycle();
  if (cycle.empty()) {
    DescribeHang(&failure);
  } else {
    failure.kind = cycle.size() == 1 ? FailureKind::kRecursiveDeadlock : FailureKind::kDeadlock;
    failure.cycle_size = cycle.size();
    for (const Wait* wait : cycle) {
      const WaitEdge edge = Edge(*wait);
      failure.waits.push_back(edge);
      if (!edge.object.empty()) failure.objects.push_back(edge.object);
      failure.tasks.push_back(edge.task_name);
      failure.functions.push_back(edge.function);
    }
  }
  AddRest(&failure);
  std::sort(failure.objects.begin(), failure.objects.end());
  failure.objects.erase(std::unique(failure.objects.begin(), failure.objects.end()),
                        failure.objects.end());
  std::sort(failure.functions.begin(), failure.functions.end());
  for (const std::string& object : failure.objects) {
    if (!failure.title.empty()) failure.title += ", ";
    failure.title += object;
  }
  return failure;
}

}  // namespace

std::optional<Failure> FindStuckTasks(const Execution& execution) {
  return WaitGraph(execution).Describe();
}

}  // namespace heddle
