// SPDX-License-Identifier: MIT

#include "heddle/report/wait_section.h"

#include <algorithm>
#include <set>
#include <vector>

#include "heddle/report/wording.h"

namespace heddle {

namespace {

// Returns the last step that `task` took, or 0 if it took none; with it, the task came to where it
// stands.
uint64_t LastStep(const Trace& trace, TaskId task) {
  uint64_t last = 0;
  for (const Event& event : trace.events) {
    if (event.task == task && event.kind == EventKind::kStep) last = event.step;
  }
  return last;
}

std::string Since(uint64_t step) {
  return step == 0 ? "since the start" : "since step " + std::to_string(step);
}

std::string Labels(const std::vector<TaskId>& tasks) {
  std::vector<std::string> labels;
  labels.reserve(tasks.size());
  for (const TaskId task : tasks) labels.push_back(TaskLabel(task));
  return ListOf(labels);
}

const WaitEdge* FindEdge(const Failure& failure, TaskId task) {
  for (const WaitEdge& edge : failure.waits) {
    if (edge.task == task) return &edge;
  }
  return nullptr;
}

// Returns the step since which `edge` cannot go on: it had come to its wait, and its owners held
// the object.
uint64_t BlockedSince(const Failure& failure, const WaitEdge& edge, const Trace& trace) {
  uint64_t since = LastStep(trace, edge.task);
  for (const TaskId owner : edge.owners) {
    const WaitEdge* holder = FindEdge(failure, owner);
    if (holder == nullptr) continue;
    for (const HeldObject& holding : holder->holdings) {
      if (holding.object == edge.object) since = std::max(since, holding.step);
    }
  }
  return since;
}

// "holds a since step 1 and b since step 2, must complete done since step 3"
std::string Holds(const WaitEdge& edge) {
  std::vector<std::string> held;
  std::vector<std::string> owed;
  for (const HeldObject& holding : edge.holdings) {
    (holding.is_obligation ? owed : held).push_back(holding.object + " " + Since(holding.step));
  }
  std::string text = held.empty() ? "" : "holds " + ListOf(held);
  if (owed.empty()) return text;
  if (!text.empty()) text += ", ";
  return text + "must complete " + ListOf(owed);
}

// Verbs that say no more than that the task waits.
bool IsPlainWait(const std::string& verb) {
  static const std::set<std::string> plain = {"lock",     "spin lock", "acquire", "wait",
                                              "wait for", "wait in",   "await"};
  return plain.count(verb) > 0;
}

// What `edge` waits for: an object, or the end of other tasks.
std::string Waits(const WaitEdge& edge) {
  if (edge.object.empty()) {
    if (edge.owners.empty()) return "waits (" + edge.verb + ")";
    return "waits for " + Labels(edge.owners) + " to finish";
  }
  std::string text = "waits for " + edge.object;
  if (!IsPlainWait(edge.verb)) text += " (" + edge.verb + ")";
  return text;
}

bool Owes(const WaitEdge& edge, const std::string& object) {
  return std::any_of(edge.holdings.begin(), edge.holdings.end(), [&](const HeldObject& holding) {
    return holding.object == object && holding.is_obligation;
  });
}

// Why nobody will end a wait that is no part of a cycle.
std::string WhyForEver(const Failure& failure, const WaitEdge& edge) {
  if (edge.owners.empty()) return ": no task is left that could end it";
  for (const TaskId owner : edge.owners) {
    const WaitEdge* gone = FindEdge(failure, owner);
    if (gone == nullptr || !gone->is_dead) continue;
    return (Owes(*gone, edge.object) ? ": its completer " : ": its holder ") + TaskLabel(owner) +
           (gone->has_finished ? " has finished" : " is dead");
  }
  return edge.object.empty() ? "" : ", on which only " + Labels(edge.owners) + " could act";
}

std::string WaiterText(const Failure& failure, const WaitEdge& edge, const Trace& trace) {
  const std::string holds = Holds(edge);
  std::string text = holds.empty() ? "" : holds + ", ";
  text += Waits(edge);
  if (!edge.object.empty()) text += " " + Since(BlockedSince(failure, edge, trace));
  if (failure.cycle_size == 0) text += WhyForEver(failure, edge);
  return text;
}

std::string GoneText(const WaitEdge& edge, const Trace& trace) {
  std::string text = edge.has_finished ? "finished" : "died";
  const uint64_t last = LastStep(trace, edge.task);
  if (last > 0) text += " in step " + std::to_string(last);
  const std::string holds = Holds(edge);
  return holds.empty() ? text : text + " and still " + holds;
}

// The object of the lock-order line of `edge`: what it holds and the one before it in the cycle
// waits for.
const HeldObject* HeldForCycle(const WaitEdge& before, const WaitEdge& edge) {
  for (const HeldObject& holding : edge.holdings) {
    if (holding.object == before.object && !holding.is_obligation) return &holding;
  }
  return nullptr;
}

// "process_pending_rx > hci_le_conn_update", outermost first.
std::string CallChain(const WaitEdge& edge) {
  if (edge.frames.empty()) return FunctionLabel(edge.function);
  std::string chain;
  for (auto frame = edge.frames.rbegin(); frame != edge.frames.rend(); ++frame) {
    if (!chain.empty()) chain += " > ";
    chain += FunctionLabel(frame->function);
  }
  return chain;
}

}  // namespace

std::string WaitSection(const Failure& failure, const Trace& trace) {
  if (failure.waits.empty()) return {};
  size_t label_width = 0;
  for (const WaitEdge& edge : failure.waits) {
    label_width = std::max(label_width, TaskLabel(edge.task, edge.task_name).size());
  }
  label_width = std::min<size_t>(label_width, 40);
  std::string section = failure.cycle_size > 0 ? "Wait cycle\n" : "Waits for ever\n";
  for (size_t i = 0; i < failure.waits.size(); ++i) {
    const WaitEdge& edge = failure.waits[i];
    if (i > 0 && i == failure.cycle_size) section += "Behind it\n";
    std::string head = "  " + Shorten(TaskLabel(edge.task, edge.task_name), 40);
    head.resize(label_width + 4, ' ');
    section +=
        Paragraph(head, edge.is_dead ? GoneText(edge, trace) : WaiterText(failure, edge, trace));
  }
  return section;
}

std::string LockOrderSection(const Failure& failure, const Trace& trace) {
  const size_t size = failure.cycle_size;
  if (size < 2) return {};
  struct Line {
    std::string order;
    std::string task;
    std::string chain;
    uint64_t step = 0;
  };
  std::vector<Line> lines;
  size_t order_width = 0;
  size_t closing = 0;
  for (size_t i = 0; i < size; ++i) {
    const WaitEdge& edge = failure.waits[i];
    const HeldObject* held = HeldForCycle(failure.waits[(i + size - 1) % size], edge);
    if (held == nullptr || edge.object.empty()) return {};
    const uint64_t step = LastStep(trace, edge.task);
    lines.push_back({.order = held->object + ", then " + edge.object,
                     .task = TaskLabel(edge.task) + ", after step " + std::to_string(step) + ": ",
                     .chain = CallChain(edge),
                     .step = step});
    order_width = std::max(order_width, lines.back().order.size());
    if (step > lines[closing].step) closing = i;
  }
  std::string section = "Lock order\n";
  order_width = std::min<size_t>(order_width, 44);
  for (size_t i = 0; i < size; ++i) {
    std::string head = "  " + Shorten(Printable(lines[i].order), std::max<size_t>(order_width, 5));
    head.resize(order_width + 6, ' ');
    const std::string end = i == closing ? "  <- closes the cycle" : "";
    section += Paragraph(head, lines[i].task + lines[i].chain + end);
  }
  return section;
}

}  // namespace heddle
