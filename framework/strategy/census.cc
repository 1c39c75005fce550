// SPDX-License-Identifier: MIT

#include "heddle/strategy/census.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "heddle/base/check.h"

namespace heddle {

static constexpr size_t kTableSizeMin = 1024;
// One-sided 95% of the normal distribution, and of a Poisson count of which none was seen.
static constexpr double kNormal95 = 1.645;
static constexpr double kRuleOfThree = 3;

// Classes are named by hashes, whose low bits are as good as any.
Census::Entry& Census::Find(uint64_t class_id) {
  const size_t mask = table_.size() - 1;
  size_t i = class_id & mask;
  while (table_[i].count != 0 && table_[i].class_id != class_id) i = (i + 1) & mask;
  return table_[i];
}

void Census::Grow() {
  std::vector<Entry> old = std::exchange(table_, {});
  table_.resize(std::max(2 * old.size(), kTableSizeMin));
  for (const Entry& entry : old) {
    if (entry.count != 0) Find(entry.class_id) = entry;
  }
}

bool Census::Add(uint64_t class_id, size_t source) {
  HEDDLE_CHECK(source < kSourcesMax) << "samples come from at most " << kSourcesMax << " sources";
  if (2 * classes_ >= table_.size()) Grow();
  Entry& entry = Find(class_id);
  ++samples_;
  ++sources_[source].samples;
  if (entry.count == 0) {
    entry = {.class_id = class_id, .count = 1, .first_source = static_cast<uint32_t>(source)};
    ++classes_;
    ++singles_;
    ++sources_[source].singles;
    return true;
  }
  if (entry.count == 1) {
    --singles_;
    --sources_[entry.first_source].singles;
    ++doubles_;
  } else if (entry.count == 2) {
    --doubles_;
  }
  // More than three is no news, and counts must not overflow.
  entry.count = std::min(entry.count + 1, uint32_t{3});
  return false;
}

double Census::Unseen() const {
  if (samples_ == 0) return 1;
  return static_cast<double>(singles_) / static_cast<double>(samples_);
}

double Census::UnseenAtMost() const {
  if (samples_ == 0) return 1;
  const auto samples = static_cast<double>(samples_);
  const auto singles = static_cast<double>(singles_);
  const double variance =
      (singles * (1 - singles / samples) + 2 * static_cast<double>(doubles_)) / samples / samples;
  const double bound = singles / samples + kNormal95 * std::sqrt(variance);
  return std::min(1.0, std::max(bound, kRuleOfThree / samples));
}

}  // namespace heddle
