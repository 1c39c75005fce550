// SPDX-License-Identifier: MIT

#include "heddle/memory/memory_failure.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "heddle/memory/access_check.h"
#include "heddle/memory/call_stack_log.h"
#include "heddle/memory/region.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {

// ---- Code

using Frame = StackFrame;

static void AddFrames(uintptr_t pc, std::vector<Frame>* frames) {
  for (const CodeLocation& location : Symbolizer::Instance().Resolve(pc)) {
    if (!IsOfProgram(location) || location.function.empty()) continue;
    frames->push_back(
        {.function = location.function, .file = location.file, .line = location.line});
  }
}

static std::vector<Frame> FramesOf(const CodePlace& place, CallStackId stack) {
  std::vector<Frame> frames;
  if (place.where.line != 0) {
    frames.push_back({.function = place.where.function,
                      .file = WorkspacePath(place.where.file),
                      .line = place.where.line});
  } else {
    AddFrames(place.pc, &frames);
  }
  // The place may be that of a caller already: functions between it and the event are not the
  // program's.
  bool is_below = false;
  for (const uintptr_t caller : CallStackLog::Instance().Callers(stack)) {
    if (caller == place.pc && !std::exchange(is_below, true)) continue;
    AddFrames(caller, &frames);
  }
  return frames;
}

// Code of the standard library is named only where nothing else is known.
SourceLocation SourceOf(const CodePlace& place) {
  if (place.where.line != 0) return place.where;
  const std::vector<CodeLocation>& locations = Symbolizer::Instance().Resolve(place.pc);
  if (locations.empty()) return {};
  const auto found = std::find_if(locations.begin(), locations.end(), IsOfProgram);
  const CodeLocation& location = found == locations.end() ? locations.front() : *found;
  return {
      .file = location.file.c_str(), .function = location.function.c_str(), .line = location.line};
}

// ---- Names

// A second live block of one name gets "#2"; blocks that were freed before it came do not count.
static std::string NameOf(const Block& block, std::span<const Block> blocks) {
  const auto index_of = [&](const Block& other) { return &other - blocks.data(); };
  const auto is_meant = [&](const Block& other) {
    return other.site == block.site && other.occurrence == block.occurrence;
  };
  const auto self = std::find_if(blocks.begin(), blocks.end(), is_meant);
  const auto lived_then = [&](const Block& other) {
    if (other.site != block.site) return false;
    return other.is_live || other.outlived > index_of(*self);
  };
  const auto ordinal = 1 + std::count_if(blocks.begin(), self, lived_then);
  return ordinal == 1 ? block.name : std::string(block.name) + '#' + std::to_string(ordinal);
}

static std::string NameOf(const Block& block, const MemoryView& view) {
  const bool is_frame = Region::IsStack(block.begin);
  return NameOf(block, is_frame ? view.frames.frames() : view.arena.blocks());
}

static const std::string& TaskName(TaskId task, const MemoryView& view) {
  static const std::string none = "nobody";
  return task == kNoTask ? none : view.execution.tasks()[task].name;
}

std::optional<MemoryLocation> LocationOf(uintptr_t address, uint32_t size, const MemoryView& view) {
  using Kind = MemoryLocation::Kind;
  if (!Region::Contains(address)) {
    const auto global = Symbolizer::Instance().FindGlobal(address);
    if (!global) return std::nullopt;
    return MemoryLocation{Kind::kGlobal, global->symbol, global->occurrence, global->offset, size};
  }
  const bool is_stack = Region::IsStack(address);
  const Block* block = is_stack ? view.frames.Find(address) : view.arena.Find(address);
  if (block != nullptr) {
    return MemoryLocation{Kind::kObject, block->name, block->occurrence, address - block->begin,
                          size};
  }
  const size_t slot = Region::SlotOf(address);
  if (!is_stack || slot >= view.execution.tasks().size()) return std::nullopt;
  const TaskId owner{static_cast<uint16_t>(slot)};
  const uintptr_t top = Region::kStacksBegin + (slot + 1) * Region::kSlotSize;
  return MemoryLocation{Kind::kStack, TaskName(owner, view), owner.value, top - address, size};
}

// What a person calls the memory at `address`.
static std::string PlaceName(uintptr_t address, const MemoryView& view) {
  const std::optional<MemoryLocation> location = LocationOf(address, 1, view);
  if (!location) return "memory without a name";
  switch (location->kind) {
    case MemoryLocation::Kind::kObject:
      return NameOf(
          *(Region::IsStack(address) ? view.frames.Find(address) : view.arena.Find(address)), view);
    case MemoryLocation::Kind::kGlobal:
      return location->name;
    case MemoryLocation::Kind::kStack:
      return "a local of " + location->name;
  }
  return "";
}

// ---- Events

static MemoryEvent EventOf(std::string what, const Origin& origin, const MemoryView& view) {
  return {.what = std::move(what),
          .task = origin.task,
          .task_name = TaskName(origin.task, view),
          .step = origin.step,
          .frames = FramesOf(origin.place, origin.stack)};
}

static std::string Describe(bool is_write, bool is_marked, size_t size) {
  std::string text = is_marked ? "marked " : "";
  text += is_write ? "write" : "read";
  return size == 0 ? text + " of a range" : text + " of size " + std::to_string(size);
}

static std::string Describe(const MemoryAccess& access) {
  if (access.is_end) return "free";
  return Describe(access.is_write, access.is_marked, access.size);
}

static void AddLife(const Block& block, const MemoryView& view, std::vector<MemoryEvent>* events) {
  const bool is_frame = Region::IsStack(block.begin);
  if (!block.is_live) {
    events->push_back(EventOf(is_frame ? "returned" : "freed", block.freed, view));
  }
  events->push_back(EventOf(is_frame ? "entered" : "allocated", block.allocated, view));
}

// Fills in what identifies a failure: the tasks and innermost functions of what happened at
// `origins`. It must not depend on whether call stacks were kept.
static void Identify(const std::vector<Origin>& origins, const MemoryView& view, Failure* failure) {
  std::vector<std::pair<TaskId, std::string>> tasks;
  for (const Origin& origin : origins) {
    tasks.emplace_back(origin.task, TaskName(origin.task, view));
    const SourceLocation source = SourceOf(origin.place);
    if (source.function[0] != '\0') failure->functions.emplace_back(source.function);
  }
  std::sort(tasks.begin(), tasks.end());
  tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
  for (auto& [id, name] : tasks) failure->tasks.push_back(std::move(name));
  failure->task = origins.front().task;
  failure->frames = FramesOf(origins.front().place, origins.front().stack);
  std::vector<std::string>& functions = failure->functions;
  std::sort(functions.begin(), functions.end());
  functions.erase(std::unique(functions.begin(), functions.end()), functions.end());
}

// ---- Failures

static std::string OffsetText(const AccessFault& fault, const std::string& name) {
  const int64_t offset = fault.offset();
  const auto size = static_cast<int64_t>(fault.block.size);
  const std::string object = name + " (" + std::to_string(size) + " bytes)";
  if (offset < 0) return std::to_string(-offset) + " bytes before " + object;
  if (offset >= size) return std::to_string(offset - size) + " bytes past the end of " + object;
  return "at offset " + std::to_string(offset) + " of " + object;
}

static const char* NameOf(BlockForm form) {
  switch (form) {
    case BlockForm::kPlain:
      return "an allocation function";
    case BlockForm::kNew:
      return "new";
    case BlockForm::kNewArray:
      return "new[]";
  }
  return "";
}

static const char* NameOfFree(BlockForm form) {
  switch (form) {
    case BlockForm::kPlain:
      return "a free function";
    case BlockForm::kNew:
      return "delete";
    case BlockForm::kNewArray:
      return "delete[]";
  }
  return "";
}

// The address of a live block is freed in vain where the two do not belong together.
static std::string MismatchText(const AccessFault& fault) {
  const bool is_mismatch = fault.kind == FailureKind::kInvalidFree && fault.block.is_live &&
                           fault.offset() == 0 && fault.freed_as != fault.block.form;
  if (!is_mismatch) return "";
  return std::string(" by ") + NameOfFree(fault.freed_as) + ", which came from " +
         NameOf(fault.block.form);
}

static std::string NullText(const AccessFault& fault) {
  return "through a null pointer, at offset " + std::to_string(fault.access.address);
}

Failure FailureOf(const AccessFault& fault, const MemoryView& view) {
  auto history = std::make_shared<MemoryHistory>();
  history->events.push_back(EventOf(Describe(fault.access), fault.origin, view));
  Failure failure{.kind = fault.kind};
  failure.title = Describe(fault.access) + ' ';
  if (fault.has_block) {
    const std::string name = NameOf(fault.block, view);
    failure.objects = {name};
    failure.title += OffsetText(fault, name) + MismatchText(fault);
    history->object = name;
    history->object_size = fault.block.size;
    history->offset = fault.offset();
    AddLife(fault.block, view, &history->events);
  } else if (fault.access.address < AccessCheck::kNullPageSize) {
    failure.title += NullText(fault);
  } else {
    failure.title += "of memory that was never allocated, or in an earlier execution";
  }
  // The free is part of what went wrong; where the block came from is not.
  std::vector<Origin> origins{fault.origin};
  if (fault.has_block && !fault.block.is_live) origins.push_back(fault.block.freed);
  Identify(origins, view, &failure);
  failure.memory = std::move(history);
  return failure;
}

static Origin OriginOf(const RacingAccess& access) {
  return {.task = access.task, .step = access.step, .place = access.place, .stack = access.stack};
}

static MemoryEvent EventOf(const RacingAccess& access, const MemoryView& view) {
  return EventOf(access.is_end ? "free" : Describe(access.is_write, access.is_marked, access.size),
                 OriginOf(access), view);
}

Failure FailureOf(const DataRace& race, const MemoryView& view) {
  auto history = std::make_shared<MemoryHistory>();
  history->events = {EventOf(race.later, view), EventOf(race.earlier, view)};
  history->object = PlaceName(race.address, view);
  const bool is_stack = Region::IsStack(race.address);
  const Block* block = is_stack ? view.frames.Find(race.address) : view.arena.Find(race.address);
  if (block != nullptr) {
    history->object_size = block->size;
    history->offset = static_cast<int64_t>(race.address - block->begin);
    AddLife(*block, view, &history->events);
  }
  Failure failure{.kind = FailureKind::kDataRace};
  failure.objects = {history->object};
  Identify({OriginOf(race.later), OriginOf(race.earlier)}, view, &failure);
  failure.title = history->events[1].what + " by " + history->events[1].task_name + " and " +
                  history->events[0].what + " by " + history->events[0].task_name + " of " +
                  history->object + ", unordered";
  failure.memory = std::move(history);
  return failure;
}

Failure LeakFailure(std::span<const Block* const> leaks, const MemoryView& view) {
  auto history = std::make_shared<MemoryHistory>();
  Failure failure{.kind = FailureKind::kLeak};
  std::vector<Origin> origins;
  for (const Block* leak : leaks) {
    origins.push_back(leak->allocated);
    history->events.push_back(EventOf("allocated", leak->allocated, view));
    failure.objects.push_back(NameOf(*leak, view));
  }
  history->object = failure.objects.front();
  history->object_size = leaks.front()->size;
  failure.title = history->object + " (" + std::to_string(history->object_size) + " bytes)";
  if (leaks.size() > 1) failure.title += " and " + std::to_string(leaks.size() - 1) + " more";
  failure.title += " live at the end, and nothing leads there";
  std::sort(failure.objects.begin(), failure.objects.end());
  Identify(origins, view, &failure);
  failure.memory = std::move(history);
  return failure;
}

static std::string At(const Failure& failure, const MemoryHistory& history) {
  const std::vector<Frame>& frames = history.events.front().frames;
  std::string text = failure.tasks.front();
  if (frames.empty()) return text;
  return text + " in " + frames.front().function + ", " + frames.front().file + ':' +
         std::to_string(frames.front().line);
}

Failure AccessLimitFailure(const Origin& origin, int64_t accesses_max, const MemoryView& view) {
  auto history = std::make_shared<MemoryHistory>();
  history->events.push_back(EventOf("access", origin, view));
  Failure failure{.kind = FailureKind::kStepLimit};
  Identify({origin}, view, &failure);
  failure.title = "more than " + std::to_string(accesses_max) +
                  " memory accesses without a scheduling point; " + At(failure, *history) +
                  " made the last one";
  return failure;
}

Failure HeapLimitFailure(const Origin& origin, size_t heap_bytes_max, const MemoryView& view) {
  auto history = std::make_shared<MemoryHistory>();
  history->events.push_back(EventOf("allocation", origin, view));
  Failure failure{.kind = FailureKind::kMisuse};
  Identify({origin}, view, &failure);
  failure.title = "the " + std::to_string(heap_bytes_max) +
                  " bytes of heap of an execution are used up; " + At(failure, *history) +
                  " asked for more";
  return failure;
}

// The calls that the processor's stack knows, or, where the instrumented ones go further, those.
Failure FailureAt(FailureKind kind, std::string title, std::span<const uintptr_t> pcs,
                  const Execution& execution) {
  const Task& task = execution.running();
  Failure failure{.kind = kind, .title = std::move(title), .tasks = {task.name}, .task = task.id};
  for (const uintptr_t pc : pcs) AddFrames(pc, &failure.frames);
  if (pcs.size() <= 1) {
    const auto callers = task.calls.kept();
    for (size_t i = callers.size(); i > 0; --i) {
      AddFrames(reinterpret_cast<uintptr_t>(callers[i - 1]), &failure.frames);
    }
  }
  if (failure.frames.empty()) return failure;
  const StackFrame& innermost = failure.frames.front();
  failure.functions = {innermost.function};
  failure.title += "; " + task.name + " in " + innermost.function + ", " + innermost.file + ':' +
                   std::to_string(innermost.line);
  return failure;
}

}  // namespace heddle
