// SPDX-License-Identifier: MIT

#include "heddle/report/failure_report.h"

#include <map>
#include <utility>

#include "heddle/report/memory_section.h"
#include "heddle/report/search_summary.h"
#include "heddle/report/timeline.h"
#include "heddle/report/wait_section.h"
#include "heddle/report/wording.h"

namespace heddle {

namespace {

const std::string& Ruler() {
  static const std::string ruler = std::string(kReportColumns, '=') + '\n';
  return ruler;
}

// ---- The head

std::string Head(std::string_view label) {
  std::string head(label);
  head.resize(10, ' ');
  return head;
}

std::string TitleLine(const Failure& failure) {
  std::string title(FailureKindName(failure.kind));
  if (!failure.property.empty()) title += ' ' + failure.property;
  if (!failure.title.empty()) title += ": " + failure.title;
  return Paragraph(Head("FAILURE"), title);
}

std::string ParameterWords(const Schedule& schedule) {
  std::vector<std::string> words;
  for (const auto& [name, value] : schedule.parameters) {
    words.push_back(name + " = " + std::to_string(value));
  }
  return ListOf(words);
}

std::string SubjectLines(const Finding& finding, const ReportContext& context) {
  std::string name = finding.schedule.name;
  // Names with blanks are sentences.
  if (name.find(' ') != std::string::npos) name = '"' + name + '"';
  const std::string parameters = ParameterWords(finding.schedule);
  if (!parameters.empty()) name += "   with " + parameters;
  std::string lines = Paragraph(Head(context.noun), name);
  if (!context.place.empty()) lines += Paragraph(Head(""), context.place);
  return lines;
}

std::string ScheduleFacts(const Finding& finding) {
  std::string facts = CountOf(finding.trace.task_names.size(), "task") + ", " +
                      CountOf(finding.steps, "step") + ", " +
                      CountOf(finding.preemptions, "preemption");
  if (finding.faults > 0) facts += ", " + CountOf(finding.faults, "fault");
  return facts;
}

// A schedule that is too long goes on in the first column, after a backslash, so that it can be
// copied whole.
std::string ScheduleLines(const Finding& finding) {
  const std::string text = ScheduleText(finding.schedule);
  const std::string facts = ScheduleFacts(finding);
  std::string line = Head("schedule") + text;
  if (line.size() + 5 + facts.size() <= kReportColumns) return line + "     " + facts + '\n';
  std::string lines;
  while (line.size() > kReportColumns) {
    lines += line.substr(0, kReportColumns - 1) + "\\\n";
    line.erase(0, kReportColumns - 1);
  }
  return lines + line + '\n' + Paragraph(Head(""), facts);
}

// ---- What explains the failure

std::string TaskName(const Finding& finding, TaskId task) {
  const std::vector<std::string>& names = finding.trace.task_names;
  return TaskLabel(task, task.value < names.size() ? names[task.value] : "");
}

std::string DetailLines(const Failure& failure) {
  std::string lines;
  for (const std::string& detail : failure.details) lines += Paragraph("  ", detail);
  return lines;
}

// "T1 kworker, step 9:" and where it stood.
std::string WhereLines(const Finding& finding) {
  const Failure& failure = finding.failure;
  if (failure.task == kNoTask) return {};
  std::string head = TaskName(finding, failure.task);
  head += failure.step > 0 ? ", step " + std::to_string(failure.step) : ", before the first step";
  if (failure.frames.empty()) return Paragraph("  ", head);
  return Paragraph("  ", head + ":") + FrameLines(failure.frames);
}

std::string InvariantSection(const Finding& finding) {
  const Failure& failure = finding.failure;
  std::string section =
      "Property\n" + Paragraph("  ", failure.property + " does not hold: " + failure.title);
  if (failure.step > 0) {
    section += Paragraph("  ", "First seen after step " + std::to_string(failure.step) + ", by " +
                                   TaskName(finding, failure.task) + ".");
  }
  if (!failure.objects.empty()) section += Paragraph("  ", "Objects: " + ListOf(failure.objects));
  if (!failure.functions.empty()) {
    section += Paragraph("  ", "Functions: " + ListOf(failure.functions));
  }
  return section + DetailLines(failure);
}

// A program that does not come to an end: who takes the steps.
std::string EndlessSection(const Finding& finding) {
  std::map<TaskId, uint64_t> steps;
  for (const Event& event : finding.trace.events) {
    if (event.kind == EventKind::kStep) ++steps[event.task];
  }
  std::string section = "Steps\n";
  for (const auto& [task, count] : steps) {
    section += Paragraph("  ", TaskName(finding, task) + ": " + CountOf(count, "step"));
  }
  return section + DetailLines(finding.failure);
}

std::string PlainSection(const Finding& finding) {
  const Failure& failure = finding.failure;
  std::string section = WhereLines(finding) + DetailLines(failure);
  return section.empty() ? section : "Where\n" + section;
}

std::vector<std::string> ExplainingSections(const Finding& finding) {
  const Failure& failure = finding.failure;
  std::vector<std::string> sections;
  if (!failure.waits.empty()) {
    sections.push_back(WaitSection(failure, finding.trace));
    sections.push_back(LockOrderSection(failure, finding.trace));
  }
  if (failure.memory != nullptr) sections.push_back(MemorySection(failure, finding.trace));
  switch (failure.kind) {
    case FailureKind::kInvariant:
      sections.push_back(InvariantSection(finding));
      break;
    case FailureKind::kLockOrder:
      sections.push_back("Lock order, not hit by this schedule\n" + DetailLines(failure));
      break;
    case FailureKind::kLivelock:
    case FailureKind::kStepLimit:
      sections.push_back(EndlessSection(finding));
      break;
    case FailureKind::kNondeterminism:
      if (!failure.details.empty()) sections.push_back("Difference\n" + DetailLines(failure));
      break;
    default:
      if (sections.empty()) {
        sections.push_back(PlainSection(finding));
      } else if (!failure.details.empty()) {
        sections.push_back("Further\n" + DetailLines(failure));
      }
  }
  return sections;
}

}  // namespace

std::string EvidenceText(const Finding& finding) {
  std::string text = ScheduleLines(finding) + Ruler() + '\n';
  text += TimelineText(WithFailedAccess(finding.trace, finding.failure), finding.failure);
  for (const std::string& section : ExplainingSections(finding)) {
    if (!section.empty()) text += '\n' + section;
  }
  return text;
}

std::string FailureReport(const ExplorationResult& result, const Finding& finding,
                          const ReportContext& context) {
  const bool is_search = result.strategy != "replay";
  std::string text = Ruler() + TitleLine(finding.failure) + SubjectLines(finding, context);
  if (is_search) text += SearchSection(result, finding);
  text += EvidenceText(finding);
  const bool is_minimal = finding.failure.kind != FailureKind::kNondeterminism;
  if (is_search && is_minimal) text += '\n' + MinimalSection(result, finding);
  if (!context.replay_command.empty()) text += "\nReplay\n" + CommandLines(context.replay_command);
  return text + Ruler();
}

std::vector<std::string> ReplayByProgram(const Schedule& schedule) {
  return {"heddle", "replay", schedule.name, ScheduleText(schedule)};
}

}  // namespace heddle
