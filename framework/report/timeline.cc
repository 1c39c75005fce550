// SPDX-License-Identifier: MIT

#include "heddle/report/timeline.h"

#include <algorithm>
#include <map>
#include <optional>
#include <range/v3/view/chunk_by.hpp>
#include <range/v3/view/iota.hpp>
#include <vector>

#include "heddle/report/event_selection.h"
#include "heddle/report/text_table.h"
#include "heddle/report/wording.h"

namespace heddle {

namespace {

// Wider cells are cut; a verb that is longer moves its object.
constexpr size_t kCellMax = 40;
constexpr size_t kVerbMin = 7;
constexpr size_t kVerbMax = 12;
// What `where` is at least given for the name of a function.
constexpr size_t kFunctionMin = 28;
// Columns that overlap begin at least so far apart, and are at most so many.
constexpr size_t kStrideMin = 4;
constexpr size_t kStrideMax = 16;
constexpr size_t kLanesMax = 6;
// Longer names of tasks are cut in the list form.
constexpr size_t kTaskMax = 24;

// One event as text.
struct Cells {
  TaskId task;
  std::string step;
  std::string text;
  std::string function;
  std::string place;
};

class Timeline {
 public:
  Timeline(const Trace& trace, const Failure& failure)
      : trace_(trace), selection_(trace, failure) {}

  std::string Text();

 private:
  void Show(const std::vector<TaskId>& tasks);
  Cells MakeCells(const Event& event) const;
  void Measure();
  std::string WhereOf(const Cells& cells) const;
  std::string LabelOf(TaskId task) const;
  size_t LaneOf(TaskId task) const;

  std::optional<std::string> InColumns();
  std::optional<std::string> InOverlappingColumns();
  std::string AsList();
  void AddHeadings(TextTable* table, bool side_by_side) const;
  void AddRows(TextTable* table, bool as_list) const;
  std::string GapText(size_t begin, size_t end) const;
  std::string Legend() const;

  const Trace& trace_;
  EventSelection selection_;
  // What is shown, and how wide it is.
  std::vector<TaskId> tasks_;
  std::vector<bool> shown_;
  std::vector<Cells> cells_;         // By event; empty where it is not shown.
  std::vector<size_t> text_widths_;  // By lane.
  size_t verb_width_ = 0;
  size_t step_width_ = 0;
  size_t function_width_ = 0;
  size_t place_width_ = 0;
};

std::string Timeline::LabelOf(TaskId task) const {
  const bool has_name = task.value < trace_.task_names.size();
  return TaskLabel(task, has_name ? trace_.task_names[task.value] : "");
}

size_t Timeline::LaneOf(TaskId task) const {
  return static_cast<size_t>(std::find(tasks_.begin(), tasks_.end(), task) - tasks_.begin());
}

// ---- Cells

char MarkOf(SwitchMark mark) {
  switch (mark) {
    case SwitchMark::kNone:
      return ' ';
    case SwitchMark::kSwitch:
      return 'S';
    case SwitchMark::kPreemption:
      return 'P';
  }
  return ' ';
}

// Only steps have numbers: a note belongs to the step above it.
Cells Timeline::MakeCells(const Event& event) const {
  Cells cells{.task = event.task};
  if (event.kind == EventKind::kStep) {
    const std::string number = std::to_string(event.step);
    cells.step = MarkOf(event.mark);
    cells.step.resize(std::max(step_width_ - number.size(), size_t{1}), ' ');
    cells.step += number;
  }
  cells.text = event.verb;
  if (!event.object.empty()) {
    cells.text.resize(std::max(verb_width_, cells.text.size()), ' ');
    cells.text += ' ' + event.object;
  }
  if (!event.detail.empty()) cells.text += "  " + event.detail;
  if (cells.text.size() > kCellMax) cells.text = Shorten(cells.text, kCellMax);
  cells.function = FunctionLabel(event.function);
  cells.place = PlaceLabel(event.file, event.line);
  return cells;
}

void Timeline::Show(const std::vector<TaskId>& tasks) {
  tasks_ = tasks;
  shown_ = selection_.Select(tasks);
  Measure();
  cells_.assign(trace_.events.size(), {});
  text_widths_.assign(tasks_.size(), 0);
  function_width_ = 0;
  place_width_ = 0;
  for (size_t i = 0; i < shown_.size(); ++i) {
    if (!shown_[i]) continue;
    cells_[i] = MakeCells(trace_.events[i]);
    size_t& width = text_widths_[LaneOf(cells_[i].task)];
    width = std::max(width, cells_[i].text.size());
    function_width_ = std::max(function_width_, cells_[i].function.size());
    place_width_ = std::max(place_width_, cells_[i].place.size());
  }
}

// Sets the widths that cells themselves are made with.
void Timeline::Measure() {
  step_width_ = 4;
  verb_width_ = kVerbMin;
  for (size_t i = 0; i < shown_.size(); ++i) {
    if (!shown_[i]) continue;
    const Event& event = trace_.events[i];
    step_width_ = std::max(step_width_, std::to_string(event.step).size() + 2);
    if (event.verb.size() <= kVerbMax) verb_width_ = std::max(verb_width_, event.verb.size());
  }
}

std::string Timeline::WhereOf(const Cells& cells) const {
  std::string where;
  if (!cells.function.empty())
    where = Shorten(cells.function, std::max<size_t>(function_width_, 5));
  if (cells.place.empty()) return where;
  where.resize(function_width_ + 2, ' ');
  return where + cells.place;
}

// ---- Forms

std::optional<std::string> Timeline::InColumns() {
  std::vector<TableColumn> columns{{.width = step_width_}};
  size_t used = step_width_ + 3;
  for (size_t lane = 0; lane < tasks_.size(); ++lane) {
    const size_t width = std::max(text_widths_[lane], LabelOf(tasks_[lane]).size());
    columns.push_back({.width = width});
    used += width + 2;
  }
  const size_t function_min = std::min(function_width_, kFunctionMin);
  if (used + function_min + 2 + place_width_ > kReportColumns) return std::nullopt;
  function_width_ = std::min(function_width_, kReportColumns - used - 2 - place_width_);
  columns.push_back({.width = function_width_ + 2 + place_width_});

  TextTable table(columns);
  AddHeadings(&table, /*side_by_side=*/true);
  AddRows(&table, /*as_list=*/false);
  return table.text();
}

std::optional<std::string> Timeline::InOverlappingColumns() {
  const size_t lanes = tasks_.size();
  if (lanes < 2 || lanes > kLanesMax) return std::nullopt;
  function_width_ = std::min(function_width_, kFunctionMin);
  const size_t where = function_width_ + 2 + place_width_;
  const size_t used = step_width_ + 3 + 2 + where;
  const size_t room = kReportColumns - std::min(used, kReportColumns);
  size_t label = 0;
  for (const TaskId task : tasks_) label = std::max(label, LabelOf(task).size());
  size_t stride = std::max(kStrideMax, label + 2);
  for (size_t lane = 0; lane < lanes; ++lane) {
    if (text_widths_[lane] > room) return std::nullopt;
    if (lane > 0) stride = std::min(stride, (room - text_widths_[lane]) / lane);
  }
  if (stride < kStrideMin) return std::nullopt;

  size_t last = text_widths_[lanes - 1];
  for (size_t lane = 0; lane + 1 < lanes; ++lane) {
    const size_t before = (lanes - 1 - lane) * stride;
    if (text_widths_[lane] > before) last = std::max(last, text_widths_[lane] - before);
  }
  const bool labels_fit = label + 2 <= stride && (lanes - 1) * stride + label <= room;
  if (labels_fit) last = std::max(last, label);

  std::vector<TableColumn> columns{{.width = step_width_}};
  columns.insert(columns.end(), lanes - 1, {.width = stride - 2});
  columns.push_back({.width = last});
  columns.push_back({.width = where});
  TextTable table(columns);
  AddHeadings(&table, labels_fit);
  AddRows(&table, /*as_list=*/false);
  return table.text();
}

// Names of tasks stand side by side, or one above the other with bars down to their columns.
void Timeline::AddHeadings(TextTable* table, bool side_by_side) const {
  std::vector<std::string> headings{"step"};
  for (size_t lane = 0; lane < tasks_.size(); ++lane) {
    headings.push_back(side_by_side ? LabelOf(tasks_[lane]) : "|");
    if (side_by_side) continue;
    std::string line(table->Begin(lane + 1), ' ');
    for (size_t i = 0; i < lane; ++i) line[table->Begin(i + 1)] = '|';
    table->AddLine(line + Shorten(LabelOf(tasks_[lane]), kReportColumns - line.size()));
  }
  headings.emplace_back("where");
  table->AddRow(headings);
  table->AddRule();
}

std::string Timeline::AsList() {
  size_t task_width = 4;
  for (const TaskId task : tasks_) {
    task_width = std::max(task_width, std::min(LabelOf(task).size(), kTaskMax));
  }
  size_t text_width = 5;
  for (const size_t width : text_widths_) text_width = std::max(text_width, width);
  // What is left for `where`; the cells above leave at least 14 columns. The table cuts what does
  // not fit.
  const size_t room = kReportColumns - (step_width_ + task_width + text_width + 7);
  const size_t for_function = room > place_width_ + 7 ? room - place_width_ - 2 : 5;
  function_width_ = std::min(function_width_, for_function);
  TextTable table({{.width = step_width_},
                   {.width = task_width},
                   {.width = text_width},
                   {.width = std::min(room, function_width_ + 2 + place_width_)}});
  table.AddRow({"step", "task", "event", "where"});
  table.AddRule();
  AddRows(&table, /*as_list=*/true);
  return table.text();
}

// ---- Rows

void Timeline::AddRows(TextTable* table, bool as_list) const {
  const auto both_hidden = [this](size_t a, size_t b) { return !shown_[a] && !shown_[b]; };
  const auto indices = ranges::views::iota(size_t{0}, shown_.size());
  for (auto&& chunk : indices | ranges::views::chunk_by(both_hidden)) {
    const size_t begin = *chunk.begin();
    if (!shown_[begin]) {
      const auto length = static_cast<size_t>(ranges::distance(chunk));
      const std::string gap = GapText(begin, begin + length);
      if (!gap.empty()) table->AddLine(std::string(table->Begin(1), ' ') + gap);
      continue;
    }
    const Cells& cells = cells_[begin];
    std::vector<std::string> row{cells.step};
    if (as_list) {
      row.push_back(Shorten(LabelOf(cells.task), kTaskMax));
      row.push_back(cells.text);
    } else {
      row.resize(1 + tasks_.size());
      row[1 + LaneOf(cells.task)] = cells.text;
    }
    row.push_back(WhereOf(cells));
    table->AddRow(row);
  }
}

// Says what is left out between two rows, or nothing where that is only idle or final waiting.
std::string Timeline::GapText(size_t begin, size_t end) const {
  std::map<TaskId, uint64_t> steps;
  uint64_t notes = 0;
  uint64_t preemptions = 0;
  for (size_t i = begin; i < end; ++i) {
    const Event& event = trace_.events[i];
    if (event.kind == EventKind::kStep) ++steps[event.task];
    if (event.kind == EventKind::kNote) ++notes;
    if (event.mark == SwitchMark::kPreemption) ++preemptions;
  }
  if (steps.empty()) return notes == 0 ? "" : "... " + CountOf(notes, "event") + " ...";
  std::vector<std::string> parts;
  uint64_t total = 0;
  for (const auto& [task, count] : steps) {
    parts.push_back(CountOf(count, "step") + " of " + Shorten(LabelOf(task), kTaskMax));
    total += count;
  }
  std::string text = "... ";
  text += parts.size() <= 2 ? ListOf(parts)
                            : CountOf(total, "step") + " of " + CountOf(parts.size(), "task");
  if (preemptions > 0) text += ", " + CountOf(preemptions, "preemption");
  return Shorten(text + " ...", kReportColumns - step_width_ - 3);
}

std::string Timeline::Legend() const {
  bool has_preemption = false;
  bool has_switch = false;
  for (size_t i = 0; i < shown_.size(); ++i) {
    if (!shown_[i]) continue;
    has_preemption |= trace_.events[i].mark == SwitchMark::kPreemption;
    has_switch |= trace_.events[i].mark == SwitchMark::kSwitch;
  }
  std::string legend;
  if (has_preemption) legend += " P preemption: the previous task could have gone on.  ";
  if (has_switch) legend += " S switch: it was blocked or had finished.";
  legend.erase(legend.find_last_not_of(' ') + 1);
  return legend.empty() ? "" : "\n" + legend + "\n";
}

std::string Timeline::Text() {
  if (trace_.events.empty()) return " no task came to a scheduling point\n";
  Show(selection_.tasks());
  std::optional<std::string> table = InColumns();
  if (!table) table = InOverlappingColumns();
  if (!table) {
    std::vector<TaskId> involved;
    for (const TaskId task : selection_.tasks()) {
      if (selection_.IsInvolved(task)) involved.push_back(task);
    }
    if (!involved.empty()) {
      Show(involved);
      table = InColumns();
      if (!table) table = InOverlappingColumns();
    }
  }
  if (!table) {
    Show(selection_.tasks());
    table = AsList();
  }
  return *table + Legend();
}

}  // namespace

std::string TimelineText(const Trace& trace, const Failure& failure) {
  return Timeline(trace, failure).Text();
}

}  // namespace heddle
