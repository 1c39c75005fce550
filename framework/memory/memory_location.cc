// SPDX-License-Identifier: MIT

#include "heddle/memory/memory_location.h"

#include <charconv>

namespace heddle {

static constexpr std::string_view kGlobalPrefix = "global ";
static constexpr std::string_view kStackPrefix = "stack of ";
// What the core writes for locks; no memory.
static constexpr std::string_view kReleasePrefix = "release ";

std::string MemoryLocationText(const MemoryLocation& location) {
  std::string text;
  if (location.kind == MemoryLocation::Kind::kGlobal) text += kGlobalPrefix;
  if (location.kind == MemoryLocation::Kind::kStack) text += kStackPrefix;
  text += location.name;
  text += '#' + std::to_string(location.occurrence);
  text += '+' + std::to_string(location.offset);
  text += '.' + std::to_string(location.size);
  return text;
}

// Takes the number behind the last `separator` off the end of `text`.
template <class Number>
static bool TakeNumber(std::string_view* text, char separator, Number* number) {
  const size_t found = text->rfind(separator);
  if (found == std::string_view::npos) return false;
  const std::string_view digits = text->substr(found + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  *text = text->substr(0, found);
  return true;
}

std::optional<MemoryLocation> ParseMemoryLocation(std::string_view text) {
  if (text.starts_with(kReleasePrefix)) return std::nullopt;
  MemoryLocation location;
  if (!TakeNumber(&text, '.', &location.size)) return std::nullopt;
  if (!TakeNumber(&text, '+', &location.offset)) return std::nullopt;
  if (!TakeNumber(&text, '#', &location.occurrence)) return std::nullopt;
  if (text.starts_with(kGlobalPrefix)) {
    location.kind = MemoryLocation::Kind::kGlobal;
    text.remove_prefix(kGlobalPrefix.size());
  } else if (text.starts_with(kStackPrefix)) {
    location.kind = MemoryLocation::Kind::kStack;
    text.remove_prefix(kStackPrefix.size());
  }
  location.name = text;
  return location;
}

}  // namespace heddle
