// SPDX-License-Identifier: MIT

#include "heddle/core/schedule.h"

#include <charconv>
#include <optional>

namespace heddle {

static constexpr std::string_view kVersion = "w1";
static constexpr std::string_view kNoDecisions = "-";
// Bounds what a run-length may unfold to, so that a mistyped text cannot eat the memory.
static constexpr uint64_t kDecisionsMax = 10'000'000;

// ---- Writing

static bool IsPlain(char c) {
  const bool alphanumeric =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("_./@+-").find(c) != std::string_view::npos;
}

// Writes what is not plain as %XX, so that the schedule stays one shell word.
static std::string Escape(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string escaped;
  for (const char c : text) {
    if (IsPlain(c)) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += '%';
      escaped += kHex[byte >> 4];
      escaped += kHex[byte & 15];
    }
  }
  return escaped;
}

static std::string ExtrasText(const Schedule& schedule) {
  std::string text;
  const auto add = [&text](std::string_view key, std::string_view value) {
    if (!text.empty()) text += ',';
    text += key;
    text += '=';
    text += value;
  };
  for (const auto& [name, value] : schedule.parameters) {
    add("param." + Escape(name), std::to_string(value));
  }
  if (schedule.steps_max != 0) add("steps", std::to_string(schedule.steps_max));
  if (!schedule.found.empty()) add("found", Escape(schedule.found));
  for (const std::string& location : schedule.racy_locations) add("racy", Escape(location));
  return text;
}

static std::string DecisionsText(const std::vector<Decision>& decisions) {
  std::string text;
  for (size_t i = 0; i < decisions.size();) {
    size_t end = i;
    while (end < decisions.size() && decisions[end] == decisions[i]) ++end;
    if (i > 0) text += '.';
    if (decisions[i].is_value) text += 'v';
    text += std::to_string(decisions[i].value);
    if (end - i > 1) text += 'x' + std::to_string(end - i);
    i = end;
  }
  return text.empty() ? std::string(kNoDecisions) : text;
}

std::string ScheduleText(const Schedule& schedule) {
  std::string text(kVersion);
  text += ':' + Escape(schedule.name);
  const std::string extras = ExtrasText(schedule);
  if (!extras.empty()) text += ':' + extras;
  text += ':' + DecisionsText(schedule.decisions);
  return text;
}

// ---- Reading

static int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

static std::optional<std::string> Unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!IsPlain(text[i])) return std::nullopt;
      plain += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    plain += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return plain;
}

template <class Number>
static bool ParseNumber(std::string_view text, Number* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

static std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  while (true) {
    const size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

static Error Malformed(std::string_view what, std::string_view part, std::string_view expected) {
  return {"the schedule's " + std::string(what) + " '" + std::string(part) +
          "' is malformed; expected " + std::string(expected)};
}

// Parses one extra into `schedule`; returns a sentence if that fails.
static std::optional<Error> ParseExtra(std::string_view extra, Schedule* schedule) {
  static constexpr std::string_view kExpected =
      "param.NAME=NUMBER, steps=NUMBER, found=HOW or racy=LOCATION, separated by commas";
  const size_t equals = extra.find('=');
  if (equals == std::string_view::npos) return Malformed("extra", extra, kExpected);
  const std::string_view key = extra.substr(0, equals);
  const std::string_view value = extra.substr(equals + 1);
  const std::optional<std::string> plain = Unescape(value);
  if (!plain || plain->empty()) return Malformed("extra", extra, kExpected);
  if (key == "found") {
    schedule->found = *plain;
  } else if (key == "steps") {
    if (!ParseNumber(value, &schedule->steps_max) || schedule->steps_max == 0) {
      return Malformed("extra", extra, kExpected);
    }
  } else if (key == "racy") {
    schedule->racy_locations.push_back(*plain);
  } else if (key.starts_with("param.")) {
    const std::optional<std::string> name = Unescape(key.substr(6));
    int64_t number = 0;
    if (!name || name->empty() || !ParseNumber(value, &number)) {
      return Malformed("extra", extra, kExpected);
    }
    schedule->parameters[*name] = number;
  } else {
    return Malformed("extra", extra, kExpected);
  }
  return std::nullopt;
}

static std::optional<Error> ParseDecision(std::string_view token, size_t index,
                                          std::vector<Decision>* decisions) {
  const std::string what = "decision " + std::to_string(index + 1);
  static constexpr std::string_view kExpected =
      "a task number N or a value vN, optionally followed by xCOUNT";
  const bool is_value = token.starts_with('v');
  const size_t times = token.find('x');
  uint32_t number = 0;
  uint64_t count = 1;
  const size_t begin = is_value ? 1 : 0;
  const std::string_view digits =
      token.substr(begin, times == std::string_view::npos ? times : times - begin);
  const bool count_ok =
      times == std::string_view::npos || ParseNumber(token.substr(times + 1), &count);
  const uint32_t number_max = is_value ? 0x7fffffffU : uint32_t{kTaskCapacity} - 1;
  if (!ParseNumber(digits, &number) || !count_ok || count == 0 || number > number_max ||
      count > kDecisionsMax - decisions->size()) {
    return Malformed(what, token, kExpected);
  }
  const Decision decision =
      is_value ? Decision::Value(number) : Decision::Task(TaskId{static_cast<uint16_t>(number)});
  decisions->insert(decisions->end(), count, decision);
  return std::nullopt;
}

Result<Schedule> ParseSchedule(std::string_view text) {
  const std::vector<std::string_view> fields = Split(text, ':');
  if (fields[0] != kVersion) {
    return Error{"the schedule has format version '" + std::string(fields[0]) + "'; expected '" +
                 std::string(kVersion) + "'"};
  }
  if (fields.size() < 3 || fields.size() > 4) {
    return Error{"the schedule has " + std::to_string(fields.size()) +
                 " fields; expected w1:NAME:DECISIONS or w1:NAME:EXTRAS:DECISIONS"};
  }
  Schedule schedule;
  const std::optional<std::string> name = Unescape(fields[1]);
  if (!name || name->empty()) return Malformed("name", fields[1], "scenario@variant");
  schedule.name = *name;
  if (fields.size() == 4) {
    for (const std::string_view extra : Split(fields[2], ',')) {
      if (std::optional<Error> error = ParseExtra(extra, &schedule)) return *error;
    }
  }
  if (fields.back() == kNoDecisions) return schedule;
  const std::vector<std::string_view> tokens = Split(fields.back(), '.');
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (std::optional<Error> error = ParseDecision(tokens[i], i, &schedule.decisions))
      return *error;
  }
  return schedule;
}

}  // namespace heddle
