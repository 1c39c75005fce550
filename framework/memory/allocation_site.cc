// SPDX-License-Identifier: MIT

#include "heddle/memory/allocation_site.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "heddle/memory/region.h"
#include "heddle/memory/symbolizer.h"

namespace heddle {

static constexpr int kFramesMax = 32;

// Returns the name that the function of the program at `pc` gives, or an empty one where there is
// none. Remembered: the next allocation of this place must not format anything.
static const std::string& NameFrom(uintptr_t pc) {
  static auto& names = *new std::map<uintptr_t, const std::string>;
  const auto known = names.find(pc);
  if (known != names.end()) [[likely]]
    return known->second;
  const std::vector<CodeLocation>& locations = Symbolizer::Instance().Resolve(pc);
  const auto found = std::find_if(locations.begin(), locations.end(), [](const CodeLocation& at) {
    return IsOfProgram(at) && !at.file.empty() && !at.function.empty();
  });
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

AllocationSite FindAllocationSite(const AllocationCall& call) {
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
  return {.name = name->c_str(), .pc = pc};
}

}  // namespace heddle
