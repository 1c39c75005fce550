// SPDX-License-Identifier: MIT

#include "heddle/base/random.h"

#include <bit>

#include "heddle/base/check.h"

namespace heddle {

static uint64_t SplitMix64(uint64_t* state) {
  *state += 0x9e3779b97f4a7c15;
  uint64_t z = *state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix64(&seed);
}

uint64_t Random::Next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

// Lemire's multiplication method; the loop rejects the few values that would bias the result.
uint64_t Random::Below(uint64_t bound) {
  HEDDLE_DCHECK(bound > 0) << "a value below zero was asked for";
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide{Next()} * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t threshold = -bound % bound;
    while (static_cast<uint64_t>(product) < threshold) product = Wide{Next()} * bound;
  }
  return static_cast<uint64_t>(product >> 64);
}

}  // namespace heddle
