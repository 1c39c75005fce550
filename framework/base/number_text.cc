// SPDX-License-Identifier: MIT

#include "heddle/base/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

namespace heddle {

// The value of `text` if all of it is a number of this type.
template <class Number>
static std::optional<Number> Parse(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

static Error Unusable(std::string_view what, std::string_view text, const std::string& expected) {
  return {std::string(what) + " is '" + std::string(text) + "'; expected " + expected};
}

Result<uint64_t> ReadWholeNumber(std::string_view what, std::string_view text, uint64_t min) {
  const std::optional<uint64_t> number = Parse<uint64_t>(text);
  if (number && *number >= min) return *number;
  const bool is_too_large =
      !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos && !number;
  if (is_too_large) {
    const std::string max = std::to_string(std::numeric_limits<uint64_t>::max());
    return Unusable(what, text, "a whole number of at most " + max);
  }
  return Unusable(what, text, "a whole number of at least " + std::to_string(min));
}

Result<int64_t> ReadInteger(std::string_view what, std::string_view text, int64_t min,
                            int64_t max) {
  const std::optional<int64_t> number = Parse<int64_t>(text);
  if (number && *number >= min && *number <= max) return *number;
  return Unusable(what, text,
                  "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

Result<double> ReadSeconds(std::string_view what, std::string_view text) {
  const std::optional<double> number = Parse<double>(text);
  if (number && std::isfinite(*number) && *number > 0) return *number;
  return Unusable(what, text, "a number of seconds greater than 0");
}

}  // namespace heddle
