// SPDX-License-Identifier: MIT

#include "heddle/memory/call_site.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "heddle/memory/region.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {

static constexpr int kFramesMax = 32;

static bool IsNamedPlace(const CodeLocation& at) {
  return IsOfProgram(at) && !at.file.empty() && !at.function.empty();
}

// Returns the name that the function of the program at `pc` gives, or an empty one where there is
// none. Remembered: the next allocation of this place must not format anything.
static const std::string& NameFrom(uintptr_t pc) {
  static auto& names = *new std::map<uintptr_t, const std::string>;
  const auto known = names.find(pc);
  if (known != names.end()) [[likely]]
    return known->second;
  const std::vector<CodeLocation>& locations = Symbolizer::Instance().Resolve(pc);
  const auto found = std::find_if(locations.begin(), locations.end(), IsNamedPlace);
  const bool is_known = found != locations.end();
  return names.emplace(pc, is_known ? "new in " + found->function : "").first->second;
}

// What a function with a frame pointer keeps at its frame address.
struct Frame {
  const Frame* caller = nullptr;
  uintptr_t return_address = 0;
};

// A library without frame pointers leaves anything in their place. Whatever is no frame further up
// the same stack ends the chain.
static const Frame* CallerOf(const Frame* frame) {
  const auto here = reinterpret_cast<uintptr_t>(frame);
  const auto next = reinterpret_cast<uintptr_t>(frame->caller);
  const bool is_frame = next > here && next % alignof(Frame) == 0 && Region::IsStack(next) &&
                        Region::SlotOf(next) == Region::SlotOf(here);
  return is_frame && Region::SlotOf(next + sizeof(Frame)) == Region::SlotOf(here) ? frame->caller
                                                                                  : nullptr;
}

CallSite FindCallSite(const LibraryCall& call) {
  uintptr_t pc = call.pc;
  const std::string* name = &NameFrom(pc);
  for (size_t i = call.callers.size(); i > 0 && name->empty(); --i) {
    pc = reinterpret_cast<uintptr_t>(call.callers[i - 1]);
    name = &NameFrom(pc);
  }
  const auto* frame = static_cast<const Frame*>(call.frame);
  if (!Region::IsStack(reinterpret_cast<uintptr_t>(frame))) frame = nullptr;
  for (int i = 0; i < kFramesMax && frame != nullptr && name->empty(); ++i) {
    pc = frame->return_address;
    name = &NameFrom(pc);
    frame = CallerOf(frame);
  }
  if (name->empty()) return {.pc = call.pc};
  return {.allocation_name = name->c_str(), .pc = pc};
}

// ---- Places in the source

namespace {

// How much of the stack tells one call from all others. Where the site lies further out, it has to
// be looked for each time.
constexpr size_t kDepth = 6;

struct KnownCaller {
  std::array<uintptr_t, kDepth> calls{};
  SourceLocation where;
};

// The innermost calls, as far as there are any.
std::array<uintptr_t, kDepth> InnermostCalls(const LibraryCall& call) {
  std::array<uintptr_t, kDepth> calls{call.pc};
  size_t count = 1;
  for (size_t i = call.callers.size(); i > 0 && count < kDepth; --i) {
    calls[count++] = reinterpret_cast<uintptr_t>(call.callers[i - 1]);
  }
  if (count > 1) return calls;
  const auto* frame = static_cast<const Frame*>(call.frame);
  if (!Region::IsStack(reinterpret_cast<uintptr_t>(frame))) return calls;
  for (; frame != nullptr && count < kDepth; frame = CallerOf(frame)) {
    calls[count++] = frame->return_address;
  }
  return calls;
}

size_t SlotOf(const std::array<uintptr_t, kDepth>& calls, size_t slots) {
  uintptr_t hash = 0;
  for (const uintptr_t pc : calls) hash = (hash ^ pc) * 0x9e3779b97f4a7c15;
  return (hash >> 40) % slots;
}

}  // namespace

SourceLocation FindCaller(const LibraryCall& call, SourceLocation where) {
  static std::array<KnownCaller, 256>& known = *new std::array<KnownCaller, 256>;
  const std::array<uintptr_t, kDepth> calls = InnermostCalls(call);
  KnownCaller& slot = known[SlotOf(calls, known.size())];
  if (slot.calls == calls) [[likely]]
    return slot.where;
  const CallSite site = FindCallSite(call);
  const std::vector<CodeLocation>& locations = Symbolizer::Instance().Resolve(site.pc);
  const auto found = std::find_if(locations.begin(), locations.end(), IsNamedPlace);
  if (found == locations.end()) return where;
  const SourceLocation caller{
      .file = found->file.c_str(), .function = found->function.c_str(), .line = found->line};
  const bool is_within = std::find(calls.begin(), calls.end(), site.pc) != calls.end();
  if (is_within) slot = {.calls = calls, .where = caller};
  return caller;
}

}  // namespace heddle
