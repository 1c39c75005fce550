// SPDX-License-Identifier: MIT

#include "heddle/report/trace_json.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "heddle/report/wording.h"

namespace heddle {

using Json = nlohmann::ordered_json;

// Microseconds of the viewer's time per step.
static constexpr uint64_t kStepLength = 1000;
// A finding is one process.
static constexpr int kProcess = 1;

static const char* MarkName(SwitchMark mark) {
  switch (mark) {
    case SwitchMark::kNone:
      return "none";
    case SwitchMark::kSwitch:
      return "switch";
    case SwitchMark::kPreemption:
      return "preemption";
  }
  return "none";
}

static Json Common(const Event& event, const char* phase, uint64_t time) {
  std::string name = event.verb;
  if (!event.object.empty()) name += ' ' + event.object;
  if (!event.detail.empty()) name += ' ' + event.detail;
  Json json;
  json["name"] = Printable(name);
  json["ph"] = phase;
  json["ts"] = time;
  json["pid"] = kProcess;
  json["tid"] = event.task.value;
  return json;
}

static Json Arguments(const Event& event) {
  Json json;
  json["step"] = event.step;
  json["mark"] = MarkName(event.mark);
  json["verb"] = Printable(event.verb);
  json["object"] = Printable(event.object);
  json["detail"] = Printable(event.detail);
  json["function"] = Printable(event.function);
  json["file"] = Printable(event.file);
  json["line"] = event.line;
  return json;
}

// A wait lasts from the last step of the task to the end.
static Json EventJson(const Event& event, uint64_t last_step_of_task, uint64_t end) {
  const uint64_t begin = event.step * kStepLength;
  Json json;
  switch (event.kind) {
    case EventKind::kStep:
      json = Common(event, "X", begin);
      json["dur"] = kStepLength;
      break;
    case EventKind::kNote:
      json = Common(event, "i", begin + kStepLength / 2);
      json["s"] = "t";
      break;
    case EventKind::kBlocked: {
      const uint64_t since = (last_step_of_task + 1) * kStepLength;
      json = Common(event, "X", since);
      json["dur"] = end > since ? end - since : kStepLength;
      break;
    }
  }
  json["args"] = Arguments(event);
  return json;
}

static Json NameJson(size_t task, const std::string& name) {
  return {{"name", "thread_name"},
          {"ph", "M"},
          {"pid", kProcess},
          {"tid", task},
          {"args", {{"name", TaskLabel(TaskId{static_cast<uint16_t>(task)}, name)}}}};
}

Json TraceJson(const Finding& finding) {
  const Trace& trace = finding.trace;
  Json events = Json::array();
  for (size_t i = 0; i < trace.task_names.size(); ++i) {
    events.push_back(NameJson(i, trace.task_names[i]));
  }
  uint64_t end = 0;
  std::vector<uint64_t> last_steps(trace.task_names.size());
  for (const Event& event : trace.events) {
    end = std::max(end, (event.step + 2) * kStepLength);
    if (event.task.value >= last_steps.size()) last_steps.resize(event.task.value + size_t{1});
    if (event.kind == EventKind::kStep) last_steps[event.task.value] = event.step;
    events.push_back(EventJson(event, last_steps[event.task.value], end));
  }
  Json json;
  json["displayTimeUnit"] = "ms";
  json["otherData"] = {{"schedule", ScheduleText(finding.schedule)},
                       {"failure", FailureKindName(finding.failure.kind)},
                       {"title", Printable(finding.failure.title)}};
  json["traceEvents"] = std::move(events);
  return json;
}

}  // namespace heddle
