// SPDX-License-Identifier: MIT
//
// How reports count, list, name and break text.

#include "heddle/report/wording.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace heddle {
namespace {

TEST_CASE("only one thing is in the singular") {
  CHECK(CountOf(0, "step") == "0 steps");
  CHECK(CountOf(1, "step") == "1 step");
  CHECK(CountOf(19880, "step") == "19880 steps");
}

TEST_CASE("the last item of a list follows an and") {
  CHECK(ListOf({}) == "");
  CHECK(ListOf({"a"}) == "a");
  CHECK(ListOf({"a", "b"}) == "a and b");
  CHECK(ListOf({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("a task is called by its number and name") {
  CHECK(TaskLabel(TaskId{2}) == "T2");
  CHECK(TaskLabel(TaskId{2}, "kworker/hci0") == "T2 kworker/hci0");
}

TEST_CASE("a function loses its namespaces and parameters, but not its class") {
  CHECK(FunctionLabel("l2cap_chan_connect") == "l2cap_chan_connect");
  CHECK(FunctionLabel("models::bluetooth::hci_conn_del(hci_conn*)") == "hci_conn_del");
  CHECK(FunctionLabel("heddle::Mutex::Lock(heddle::SourceLocation)") == "Mutex::Lock");
  CHECK(FunctionLabel("queue::Queue<int, a::B>::Push(int) const") == "Queue<int, a::B>::Push");
  CHECK(FunctionLabel("(anonymous namespace)::Poll(void (*)(int))") == "Poll");
  CHECK(FunctionLabel("") == "");
}

TEST_CASE("a lambda is called after the function it stands in, where that is known") {
  CHECK(FunctionLabel("operator()") == "(lambda)");
  CHECK(FunctionLabel("app::Body(heddle::Execution&)::{lambda()#1}::operator()() const") ==
        "Body (lambda)");
  CHECK(FunctionLabel("app::Body(heddle::Execution&)::$_0::operator()() const") == "Body (lambda)");
}

TEST_CASE("a place is the file's own name and the line") {
  CHECK(PlaceLabel("models/bluetooth/l2cap_core.cc", 28) == "l2cap_core.cc:28");
  CHECK(PlaceLabel("main.cc", 0) == "main.cc");
  CHECK(PlaceLabel("", 3) == "");
}

TEST_CASE("bytes that are not printable ASCII never reach a report") {
  CHECK(Printable("caf\xc3\xa9\n\x1b[31m") == "caf????[31m");
}

TEST_CASE("shortened text keeps both ends and is just as wide as asked") {
  CHECK(Shorten("abcdefghij", 10) == "abcdefghij");
  CHECK(Shorten("abcdefghijk", 10) == "abcd...ijk");
  CHECK(Shorten("abcdefghijk", 5) == "a...k");
}

TEST_CASE("no line of a paragraph is wider than a report, and none is lost") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "word" + std::to_string(i) + " ";
  text += std::string(300, 'x');
  const std::string lines = Paragraph("FAILURE   ", text);
  CHECK(lines.starts_with("FAILURE   word0 word1"));
  std::string joined;
  size_t begin = 0;
  while (begin < lines.size()) {
    const size_t end = lines.find('\n', begin);
    REQUIRE(end != std::string::npos);
    CHECK(end - begin <= kReportColumns);
    joined += lines.substr(begin + 10, end - begin - 10) + " ";
    begin = end + 1;
  }
  for (int i = 0; i < 60; ++i) {
    CHECK(joined.find("word" + std::to_string(i) + " ") != std::string::npos);
  }
  size_t count = 0;
  for (const char c : joined) count += c == 'x' ? 1 : 0;
  CHECK(count == 300);
}

TEST_CASE("an empty paragraph is its head alone") {
  CHECK(Paragraph("note", "") == "note\n");
}

// What a shell makes of the lines: a backslash at the end of a line joins it with the next.
std::string Joined(std::string lines) {
  for (size_t at = lines.find("\\\n"); at != std::string::npos; at = lines.find("\\\n")) {
    lines.erase(at, 2);
  }
  return lines;
}

TEST_CASE("a long command is broken so that a shell reads the same words") {
  const std::string schedule = "w1:a/b@c:" + std::string(250, '1');
  const std::string lines = CommandLines({"heddle", "replay", "a/b@c", schedule});
  CHECK(Joined(lines) == "  heddle replay a/b@c     " + schedule + "\n");
  size_t begin = 0;
  while (begin < lines.size()) {
    const size_t end = lines.find('\n', begin);
    CHECK(end - begin <= kReportColumns);
    begin = end + 1;
  }
}

TEST_CASE("a short command stays on one line") {
  CHECK(CommandLines({"heddle", "replay", "a/b@c", "w1:a/b@c:1.2"}) ==
        "  heddle replay a/b@c w1:a/b@c:1.2\n");
}

}  // namespace
}  // namespace heddle
