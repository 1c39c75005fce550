// SPDX-License-Identifier: MIT
//
// Census: which classes of schedules samples have shown, how often, and what that says about those
// not seen.
//
// Good and Turing's estimate (Good: The population frequencies of species, Biometrika 1953): the
// probability that the next sample is of a class not seen before is about the share of samples
// whose class was seen only once. Its spread after Esty (A normal limit law for a nonparametric
// estimator of the coverage of a random sample, Annals of Statistics 1983).
//
// Samples come from several sources. That a class was seen once in all counts for the source that
// showed it: the estimate for a source is the share of its samples that nobody else has shown.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace heddle {

class Census {
 public:
  static constexpr size_t kSourcesMax = 8;

  // Enters a sample. Returns whether it is the first of its class. REQUIRES: source < kSourcesMax.
  bool Add(uint64_t class_id, size_t source);

  uint64_t samples() const { return samples_; }
  uint64_t classes() const { return classes_; }
  // Classes seen exactly once.
  uint64_t singles() const { return singles_; }
  uint64_t samples(size_t source) const { return sources_[source].samples; }
  uint64_t singles(size_t source) const { return sources_[source].singles; }

  // Returns the estimated probability that the next sample is of a class not seen; 1 before the
  // first one.
  double Unseen() const;

  // Returns what that probability exceeds with a likelihood of about one in twenty. Where no class
  // was seen only once that is the rule of three.
  double UnseenAtMost() const;

 private:
  struct Entry {
    uint64_t class_id = 0;
    uint32_t count = 0;  // 0: the entry is free.
    uint32_t first_source = 0;
  };
  struct Source {
    uint64_t samples = 0;
    uint64_t singles = 0;
  };

  Entry& Find(uint64_t class_id);
  void Grow();

  uint64_t samples_ = 0;
  uint64_t classes_ = 0;
  uint64_t singles_ = 0;
  uint64_t doubles_ = 0;
  std::array<Source, kSourcesMax> sources_{};
  std::vector<Entry> table_;  // Open addressing; a power of two.
};

}  // namespace heddle
