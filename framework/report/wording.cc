// SPDX-License-Identifier: MIT

#include "heddle/report/wording.h"

#include <algorithm>
#include <cctype>

#include "heddle/base/check.h"

namespace heddle {

// ---- Counting and naming

std::string CountOf(uint64_t count, std::string_view noun) {
  std::string text = std::to_string(count) + " " + Printable(noun);
  if (count != 1) text += "s";
  return text;
}

std::string ListOf(const std::vector<std::string>& items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return Printable(text);
}

std::string TaskLabel(TaskId task, std::string_view name) {
  std::string label = "T" + std::to_string(task.value);
  if (!name.empty()) label += " " + Printable(name);
  return label;
}

// Cuts off the parameter list of a demangled name: the last parenthesis on the outermost level and
// what follows.
static std::string_view WithoutParameters(std::string_view function) {
  if (!function.ends_with(')') && !function.ends_with(" const")) return function;
  size_t depth = 0;
  for (size_t i = function.rfind(')'); i != std::string_view::npos && i > 0; --i) {
    if (function[i] == ')') ++depth;
    if (function[i] == '(' && --depth == 0) return function.substr(0, i);
  }
  return function;
}

// Returns where the last component of a qualified name begins; template arguments count as part of
// it.
static size_t LastComponent(std::string_view function) {
  size_t depth = 0;
  for (size_t i = function.size(); i > 0; --i) {
    const char c = function[i - 1];
    if (c == '>' || c == ')') ++depth;
    if ((c == '<' || c == '(') && depth > 0) --depth;
    if (depth == 0 && i > 1 && c == ':' && function[i - 2] == ':') return i;
  }
  return 0;
}

// Returns where a demangled name goes on into a lambda ("f()::{lambda()#1}::operator()",
// "f()::$_0"), if it does.
static size_t LambdaBegin(std::string_view function) {
  return std::min(function.find("::{lambda"), function.find("::$_"));
}

std::string FunctionLabel(std::string_view function) {
  if (function == "operator()") return "(lambda)";
  if (const size_t lambda = LambdaBegin(function); lambda != std::string_view::npos) {
    return FunctionLabel(function.substr(0, lambda)) + " (lambda)";
  }
  function = WithoutParameters(function);
  const size_t last = LastComponent(function);
  if (last < 2) return Printable(function);
  // A class says what its method belongs to; a namespace is everybody's.
  const size_t outer = LastComponent(function.substr(0, last - 2));
  const bool is_method = std::isupper(static_cast<unsigned char>(function[outer])) != 0;
  return Printable(function.substr(is_method ? outer : last));
}

std::string PlaceLabel(std::string_view file, int line) {
  if (file.empty()) return {};
  const size_t slash = file.rfind('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  std::string label = Printable(file);
  if (line > 0) label += ":" + std::to_string(line);
  return label;
}

// ---- Fitting

std::string Printable(std::string_view text) {
  std::string printable(text);
  std::replace_if(
      printable.begin(), printable.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return printable;
}

std::string Shorten(std::string_view text, size_t width) {
  HEDDLE_CHECK(width >= 5) << "text cannot be shortened to " << width << " columns";
  if (text.size() <= width) return Printable(text);
  const size_t kept = width - 3;
  const size_t front = (kept + 1) / 2;
  return Printable(std::string(text.substr(0, front)) + "..." +
                   std::string(text.substr(text.size() - (kept - front))));
}

std::string Paragraph(std::string_view head, std::string_view text) {
  HEDDLE_CHECK(head.size() + 10 <= kReportColumns) << "no room for text beside " << head;
  const size_t room = kReportColumns - head.size();
  const std::string indent(head.size(), ' ');
  std::string lines;
  std::string rest = Printable(text);
  do {
    size_t end = rest.size();
    if (end > room) {
      end = rest.rfind(' ', room);
      if (end == std::string::npos || end == 0) end = room;
    }
    lines += lines.empty() ? std::string(head) : indent;
    lines += rest.substr(0, end);
    lines.erase(lines.find_last_not_of(' ') + 1);
    lines += '\n';
    rest.erase(0, std::min(rest.find_first_not_of(' ', end), rest.size()));
  } while (!rest.empty());
  return lines;
}

std::string CommandLines(const std::vector<std::string>& words) {
  std::string lines;
  std::string line = "  ";
  bool is_begin = true;
  for (const std::string& word : words) {
    std::string rest = Printable(word);
    const bool fits = line.size() + 1 + rest.size() + 2 <= kReportColumns;
    if (!is_begin && !fits) {
      lines += line + " \\\n";
      line = "    ";
      is_begin = true;
    }
    if (!is_begin) line += ' ';
    // A word goes on in the first column of the next line: blanks would end it.
    while (line.size() + rest.size() + 2 > kReportColumns) {
      const size_t part = kReportColumns - 1 - line.size();
      lines += line + rest.substr(0, part) + "\\\n";
      rest.erase(0, part);
      line.clear();
    }
    line += rest;
    is_begin = false;
  }
  return lines + line + '\n';
}

}  // namespace heddle
