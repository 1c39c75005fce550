// SPDX-License-Identifier: MIT

#include "heddle/report/memory_section.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "heddle/report/wording.h"

namespace heddle {

namespace {

constexpr size_t kFunctionMax = 60;

std::string Capitalised(std::string text) {
  if (!text.empty()) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }
  return text;
}

// The history says what became of a block of the heap, or of an object on the stack of a function.
bool IsFree(const MemoryEvent& event) {
  return event.what == "freed";
}
bool IsEnd(const MemoryEvent& event) {
  return IsFree(event) || event.what == "returned";
}
bool IsBegin(const MemoryEvent& event) {
  return event.what == "allocated" || event.what == "entered";
}
bool IsAccess(const MemoryEvent& event) {
  return !IsEnd(event) && !IsBegin(event);
}

// "Write of size 4 by T2 bluetoothd, step 7"
std::string EventHead(const MemoryEvent& event, bool is_earlier) {
  std::string what = is_earlier ? "earlier " + event.what : event.what;
  if (event.what == "entered") what = "its function was entered";
  if (event.what == "returned") what = "its function was left";
  std::string head = Capitalised(what) + " by " + TaskLabel(event.task, event.task_name);
  if (event.step > 0) head += ", step " + std::to_string(event.step);
  return head;
}

// "The access is 16 bytes inside hci_conn, a freed block of 64 bytes."
std::string PlaceInObject(const Failure& failure, const MemoryHistory& memory) {
  const bool is_freed = std::any_of(memory.events.begin(), memory.events.end(), IsFree);
  std::string block = is_freed ? "a freed block of " : "a block of ";
  block += CountOf(memory.object_size, "byte");
  if (!memory.object.empty()) block = memory.object + ", " + block;
  if (failure.kind == FailureKind::kLeak) return "Lost: " + block + ".";
  const bool frees = !memory.events.empty() && memory.events.front().what == "free";
  const std::string subject = frees ? "The pointer is " : "The access is ";
  const auto size = static_cast<int64_t>(memory.object_size);
  const auto bytes = [](int64_t count) { return CountOf(static_cast<uint64_t>(count), "byte"); };
  if (memory.offset < 0) return subject + bytes(-memory.offset) + " before " + block + ".";
  if (memory.offset >= size) {
    return subject + bytes(memory.offset - size) + " past the end of " + block + ".";
  }
  return subject + bytes(memory.offset) + " inside " + block + ".";
}

// How far the free and the access lie apart, which no detector at run time could say.
std::string Distance(const MemoryHistory& memory, const Trace& trace) {
  const auto freed = std::find_if(memory.events.begin(), memory.events.end(), IsEnd);
  const auto access = std::find_if(memory.events.begin(), memory.events.end(), IsAccess);
  if (freed == memory.events.end() || access == memory.events.end()) return {};
  if (access->step <= freed->step) return {};
  const auto between = static_cast<uint64_t>(
      std::count_if(trace.events.begin(), trace.events.end(), [&](const Event& event) {
        return event.kind == EventKind::kStep && event.step > freed->step &&
               event.step < access->step;
      }));
  const std::string ends = access->what == "free" ? "two frees"
                           : IsFree(*freed)       ? "free and the access"
                                                  : "return and the access";
  return "Between the " + ends + ": " + CountOf(between, "step") + ".";
}

// "write" of "marked write of size 4".
std::string VerbOf(const MemoryEvent& event) {
  std::string verb = event.what.substr(0, event.what.find(" of "));
  if (verb.starts_with("marked ")) verb.erase(0, 7);
  return verb;
}

}  // namespace

Trace WithFailedAccess(const Trace& trace, const Failure& failure) {
  Trace complete = trace;
  if (failure.memory == nullptr || failure.memory->events.empty()) return complete;
  const MemoryEvent& access = failure.memory->events.front();
  if (!IsAccess(access)) return complete;
  Event event{.kind = EventKind::kNote,
              .step = access.step,
              .task = access.task,
              .verb = VerbOf(access),
              .object = failure.memory->object,
              .detail = std::string(FailureKindName(failure.kind))};
  if (!access.frames.empty()) {
    event.function = access.frames.front().function;
    event.file = access.frames.front().file;
    event.line = access.frames.front().line;
  }
  const auto is_wait = [](const Event& e) { return e.kind == EventKind::kBlocked; };
  std::vector<Event>& events = complete.events;
  events.insert(std::find_if(events.begin(), events.end(), is_wait), std::move(event));
  return complete;
}

std::string FrameLines(const std::vector<StackFrame>& frames) {
  size_t width = 0;
  for (const StackFrame& frame : frames) {
    width = std::max(width, FunctionLabel(frame.function).size());
  }
  width = std::clamp<size_t>(width, 5, kFunctionMax);
  std::string lines;
  for (const StackFrame& frame : frames) {
    std::string line = "    " + Shorten(FunctionLabel(frame.function), width);
    const std::string place = PlaceLabel(frame.file, frame.line);
    if (!place.empty()) {
      line.resize(width + 6, ' ');
      line += Shorten(place, kReportColumns - line.size());
    }
    lines += line + '\n';
  }
  return lines;
}

std::string MemorySection(const Failure& failure, const Trace& trace) {
  if (failure.memory == nullptr) return {};
  const MemoryHistory& memory = *failure.memory;
  std::string section = "Memory\n";
  for (size_t i = 0; i < memory.events.size(); ++i) {
    const MemoryEvent& event = memory.events[i];
    // Of two racing accesses the later one comes first.
    const bool is_earlier = failure.kind == FailureKind::kDataRace && i == 1 && IsAccess(event);
    section += Paragraph("  ", EventHead(event, is_earlier) + (event.frames.empty() ? "" : ":"));
    section += FrameLines(event.frames);
  }
  if (memory.object_size > 0) section += Paragraph("  ", PlaceInObject(failure, memory));
  if (failure.kind == FailureKind::kDataRace) {
    section +=
        Paragraph("  ",
                  "Nothing orders the two accesses: no lock, join or other release of the first "
                  "task was acquired by the second before its access.");
  } else if (const std::string distance = Distance(memory, trace); !distance.empty()) {
    section += Paragraph("  ", distance);
  }
  return section;
}

}  // namespace heddle
