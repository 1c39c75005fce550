// SPDX-License-Identifier: MIT

#include "tests/golden/golden.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <vector>

namespace golden {

namespace {

std::optional<std::string> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  if (!text.ends_with('\n')) lines.emplace_back("(no end of line)");
  return lines;
}

// The longest common subsequence, as a table of lengths of what is left.
std::vector<std::vector<size_t>> CommonLengths(const std::vector<std::string>& a,
                                               const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> left(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = a.size(); i-- > 0;) {
    for (size_t j = b.size(); j-- > 0;) {
      left[i][j] = a[i] == b[j] ? left[i + 1][j + 1] + 1 : std::max(left[i + 1][j], left[i][j + 1]);
    }
  }
  return left;
}

std::string Diff(const std::vector<std::string>& expected, const std::vector<std::string>& actual) {
  const auto left = CommonLengths(expected, actual);
  std::string diff;
  for (size_t i = 0, j = 0; i < expected.size() || j < actual.size();) {
    const bool both = i < expected.size() && j < actual.size();
    if (both && expected[i] == actual[j]) {
      diff += "  " + expected[i] + '\n';
      ++i, ++j;
    } else if (j == actual.size() || (i < expected.size() && left[i + 1][j] >= left[i][j + 1])) {
      diff += "- " + expected[i++] + '\n';
    } else {
      diff += "+ " + actual[j++] + '\n';
    }
  }
  return diff;
}

std::string Update(const std::string& path, std::string_view actual) {
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (workspace == nullptr) return "HEDDLE_UPDATE_GOLDEN asks for `bazel run`, not `bazel test`\n";
  std::ofstream file(std::string(workspace) + '/' + path, std::ios::binary);
  file << actual;
  return file.good() ? "" : "cannot write " + path + '\n';
}

}  // namespace

std::string Difference(std::string_view name, std::string_view actual) {
  const std::string path = "tests/golden/" + std::string(name);
  if (std::getenv("HEDDLE_UPDATE_GOLDEN") != nullptr) return Update(path, actual);
  const std::optional<std::string> expected = Read(path);
  if (expected == actual) return "";
  std::string text =
      expected ? path + " differs (- expected, + actual):\n" + Diff(Lines(*expected), Lines(actual))
               : path + " is missing; the text is:\n" + std::string(actual);
  const char* target = std::getenv("TEST_TARGET");
  return text + "To take it over:\n  HEDDLE_UPDATE_GOLDEN=1 bazel run " +
         (target == nullptr ? "TARGET" : target) + '\n';
}

}  // namespace golden
