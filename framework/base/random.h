// SPDX-License-Identifier: MIT
//
// Random: the only source of randomness. Seeded and portable: equal seeds give equal numbers with
// every compiler and library, so a seed replays anywhere.
//
// Algorithm: xoshiro256** (Blackman, Vigna 2018), seeded through SplitMix64.

#pragma once

#include <array>
#include <cstdint>

namespace heddle {

class Random {
 public:
  explicit Random(uint64_t seed);

  // Returns 64 uniformly distributed bits.
  uint64_t Next();

  // Returns a uniformly distributed value below `bound`, without modulo bias.
  // REQUIRES: bound > 0.
  uint64_t Below(uint64_t bound);

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace heddle
