// SPDX-License-Identifier: MIT

#include "heddle/detect/lock_order.h"

#include <algorithm>
#include <string>
#include <utility>

#include "heddle/core/runtime_scope.h"

namespace heddle {

LockOrder& LockOrder::Instance() {
  static LockOrder instance;
  return instance;
}

void LockOrder::Reset() {
  if (!enabled_) return;
  classes_.clear();
  edges_.clear();
  for (std::vector<Held>& held : held_) held.clear();
}

uint32_t LockOrder::ClassOf(const LockAcquire& acquire) {
  const auto found = std::ranges::find_if(classes_, [&](const LockClass& known) {
    if (known.subclass != acquire.subclass || known.key != acquire.key) return false;
    return acquire.key != nullptr || known.object == acquire.object;
  });
  const auto index = static_cast<uint32_t>(found - classes_.begin());
  if (found == classes_.end()) {
    classes_.push_back(
        {.key = acquire.key, .object = acquire.object, .subclass = acquire.subclass});
  }
  return index;
}

// Fail never returns: what lies on this stack then must own no memory.
void LockOrder::Acquire(Execution& execution, const LockAcquire& acquire) {
  const internal::RuntimeScope scope;
  std::optional<Failure> failure = Judge(execution, acquire);
  if (failure) execution.Fail(std::move(*failure));
}

std::optional<Failure> LockOrder::Judge(const Execution& execution, const LockAcquire& acquire) {
  const TaskId task = execution.running().id;
  if (task.value >= held_.size()) held_.resize(size_t{task.value} + 1);
  std::vector<Held>& held = held_[task.value];
  const Held acquired{.lock_class = ClassOf(acquire), .acquire = acquire};
  if (!acquire.is_trylock) {
    std::vector<uint32_t> gates;
    for (const Held& one : held) gates.push_back(one.lock_class);
    for (const Held& one : held) {
      if (one.lock_class != acquired.lock_class) {
        if (!AddEdge({.from = one, .to = acquired, .task = task, .gates = gates})) continue;
        const std::vector<const Edge*> cycle = FindCycle();
        if (!cycle.empty()) return CycleFailure(execution, cycle);
      } else if (acquire.mode != LockMode::kRecursiveRead ||
                 one.acquire.mode == LockMode::kExclusive) {
        return SameClassFailure(execution, one, acquired);
      }
    }
  }
  held.push_back(acquired);
  return std::nullopt;
}

void LockOrder::Release(const Execution& execution, ObjectId object) {
  const TaskId task = execution.running().id;
  if (task.value >= held_.size()) return;
  std::vector<Held>& held = held_[task.value];
  const auto last = std::find_if(held.rbegin(), held.rend(),
                                 [&](const Held& one) { return one.acquire.object == object; });
  if (last != held.rend()) held.erase(std::next(last).base());
}

// Returns whether the edge is new; then it is the last one. One that is known keeps as gates what
// was held each time, and closes no cycle that was not closed before.
bool LockOrder::AddEdge(const Edge& edge) {
  const auto known = std::ranges::find_if(edges_, [&](const Edge& other) {
    return other.task == edge.task && other.from.lock_class == edge.from.lock_class &&
           other.to.lock_class == edge.to.lock_class &&
           other.from.acquire.mode == edge.from.acquire.mode &&
           other.to.acquire.mode == edge.to.acquire.mode;
  });
  if (known == edges_.end()) {
    edges_.push_back(edge);
    return true;
  }
  std::erase_if(known->gates, [&](uint32_t gate) {
    return std::ranges::find(edge.gates, gate) == edge.gates.end();
  });
  return false;
}

// Whether a task that takes `second` may have to wait for one that took `first`: a recursive reader
// does not wait for readers.
bool LockOrder::Precedes(const Edge& first, const Edge& second) {
  if (first.to.lock_class != second.from.lock_class) return false;
  return first.to.acquire.mode != LockMode::kRecursiveRead ||
         second.from.acquire.mode == LockMode::kExclusive;
}

// Returns the shortest cycle that contains the last edge, beginning with it; or nothing.
std::vector<const LockOrder::Edge*> LockOrder::FindCycle() const {
  constexpr size_t kUnseen = ~size_t{0};
  const size_t start = edges_.size() - 1;
  std::vector<size_t> before(edges_.size(), kUnseen);
  std::vector<size_t> queue = {start};
  for (size_t next = 0; next < queue.size(); ++next) {
    const size_t last = queue[next];
    if (last != start && Precedes(edges_[last], edges_[start])) {
      std::vector<const Edge*> cycle;
      for (size_t i = last; i != start; i = before[i]) cycle.push_back(&edges_[i]);
      cycle.push_back(&edges_[start]);
      std::ranges::reverse(cycle);
      return cycle;
    }
    for (size_t i = 0; i < start; ++i) {
      if (before[i] != kUnseen || !Precedes(edges_[last], edges_[i])) continue;
      before[i] = last;
      queue.push_back(i);
    }
  }
  return {};
}

// ---- Failures

static std::string Place(const SourceLocation& where) {
  return std::string(where.function) + ", line " + std::to_string(where.line);
}

// Says so if the cycle cannot become a deadlock.
void LockOrder::Refute(const Execution& execution, const std::vector<const Edge*>& cycle,
                       Failure* failure) const {
  const bool one_task =
      std::ranges::all_of(cycle, [&](const Edge* edge) { return edge->task == cycle[0]->task; });
  if (one_task) {
    failure->details.push_back("One task took all of them, so this execution shows no deadlock.");
  }
  for (const uint32_t gate : cycle[0]->gates) {
    const bool is_gate = std::ranges::all_of(cycle, [&](const Edge* edge) {
      return edge->from.lock_class != gate &&
             std::ranges::find(edge->gates, gate) != edge->gates.end();
    });
    if (!is_gate) continue;
    failure->details.push_back(execution.ObjectName(classes_[gate].object) +
                               " is held each time, so this execution shows no deadlock.");
  }
}

Failure LockOrder::CycleFailure(const Execution& execution,
                                const std::vector<const Edge*>& cycle) const {
  Failure failure{.kind = FailureKind::kLockOrder};
  for (const Edge* edge : cycle) {
    const std::string held = execution.ObjectName(edge->from.acquire.object);
    const std::string wanted = execution.ObjectName(edge->to.acquire.object);
    const std::string task = execution.tasks()[edge->task].name;
    failure.objects.push_back(held);
    failure.functions.emplace_back(edge->to.acquire.where.function);
    if (std::ranges::find(failure.tasks, task) == failure.tasks.end())
      failure.tasks.push_back(task);
    failure.details.push_back(held + ", then " + wanted + ": " + task + " in " +
                              Place(edge->from.acquire.where) + ", and " +
                              Place(edge->to.acquire.where) + ".");
  }
  std::ranges::sort(failure.objects);
  std::ranges::sort(failure.functions);
  for (const std::string& object : failure.objects) {
    failure.title += (failure.title.empty() ? "" : ", ") + object;
  }
  Refute(execution, cycle, &failure);
  return failure;
}

Failure LockOrder::SameClassFailure(const Execution& execution, const Held& held,
                                    const Held& acquired) {
  const std::string first = execution.ObjectName(held.acquire.object);
  const std::string second = execution.ObjectName(acquired.acquire.object);
  Failure failure{.kind = FailureKind::kLockOrder};
  failure.title = second + " while " + first + ", a lock of its class, is held";
  failure.objects = {first, second};
  std::ranges::sort(failure.objects);
  failure.objects.erase(std::unique(failure.objects.begin(), failure.objects.end()),
                        failure.objects.end());
  failure.tasks = {execution.running().name};
  failure.functions = {acquired.acquire.where.function};
  failure.details.push_back(first + " in " + Place(held.acquire.where) + ", then " + second +
                            " in " + Place(acquired.acquire.where) + ".");
  return failure;
}

}  // namespace heddle
