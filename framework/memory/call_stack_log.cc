// SPDX-License-Identifier: MIT

#include "heddle/memory/call_stack_log.h"

#include <algorithm>
#include <iterator>

#include "heddle/base/check.h"

namespace heddle {

CallStackLog& CallStackLog::Instance() {
  static CallStackLog log;
  return log;
}

void CallStackLog::Reset(bool is_recording) {
  is_recording_ = is_recording;
  callers_.clear();
  stacks_.resize(1);
}

CallStackId CallStackLog::Record(const CodePlace& place, std::span<const void* const> callers) {
  HEDDLE_CHECK(is_recording_) << "call stacks are kept only when tracing";
  stacks_.push_back({.place = place, .begin = callers_.size(), .size = callers.size()});
  std::transform(callers.rbegin(), callers.rend(), std::back_inserter(callers_),
                 [](const void* caller) { return reinterpret_cast<uintptr_t>(caller); });
  return CallStackId{static_cast<uint32_t>(stacks_.size() - 1)};
}

std::span<const uintptr_t> CallStackLog::Callers(CallStackId stack) const {
  const Stack& kept = stacks_[stack.value];
  return std::span(callers_).subspan(kept.begin, kept.size);
}

}  // namespace heddle
