// SPDX-License-Identifier: MIT
//
// NearNames: what somebody may have meant who wrote a name that does not exist.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::cli {

// Returns how many letters have to be inserted, left out, replaced or swapped with their neighbour
// to turn one text into the other.
size_t EditDistance(std::string_view a, std::string_view b);

// Returns those of `names` that are near `name`, nearest first, at most three.
std::vector<std::string> NearNames(std::string_view name, const std::vector<std::string>& names);

// Returns "; did you mean 'a' or 'b'?", or nothing if no name is near.
std::string DidYouMean(std::string_view name, const std::vector<std::string>& names);

}  // namespace heddle::cli
