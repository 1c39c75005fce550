// SPDX-License-Identifier: MIT

#include "heddle/core/execution_storage.h"

#include "heddle/base/check.h"

namespace heddle {

void ExecutionStorage::Reset() {
  used_ = 0;
  texts_.clear();
}

void* ExecutionStorage::Allocate(size_t size, size_t alignment) {
  HEDDLE_CHECK(size <= kCaptureMax)
      << "a task captures " << size << " bytes; capture a reference instead";
  used_ = (used_ + alignment - 1) / alignment * alignment;
  if (used_ % kCaptureMax + size > kCaptureMax) used_ = (used_ / kCaptureMax + 1) * kCaptureMax;
  const size_t block = used_ / kCaptureMax;
  if (block == blocks_.size()) blocks_.push_back(std::make_unique<std::byte[]>(kCaptureMax));
  void* const place = &blocks_[block][used_ % kCaptureMax];
  used_ += size;
  return place;
}

const char* ExecutionStorage::Intern(std::string_view text) {
  for (const auto& known : texts_) {
    if (*known == text) return known->c_str();
  }
  texts_.push_back(std::make_unique<std::string>(text));
  return texts_.back()->c_str();
}

}  // namespace heddle
