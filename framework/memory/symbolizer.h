// SPDX-License-Identifier: MIT
//
// Symbolizer: from program counters to functions and lines, from addresses of globals to their
// symbols, and back.
//
// Reads the line tables of the running process through libdw, once per place: what was asked before
// is remembered. Used for reports and for the names of scheduling locations, never on the hot path.

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

// One function that a program counter lies in. Text that is not known is empty.
struct CodeLocation {
  std::string function;  // Without namespace, class and parameters, as __func__ has it.
  std::string file;      // Relative to the workspace: "models/bluetooth/l2cap_core.cc".
  int line = 0;
};

// A global variable, or a part of one.
struct GlobalLocation {
  std::string symbol;
  // Symbols of one name (statics of several files, or of several functions) are counted in order of
  // their addresses, from 1.
  uint32_t occurrence = 1;
  uint64_t offset = 0;
};

// Returns a compiler's name of a file as a reader of the workspace knows it. Headers that the build
// shows under another path, for their include prefix, get their own path back.
std::string WorkspacePath(std::string_view compiled_path);

// Returns whether code belongs to the program under test. Frames of the framework and of installed
// libraries say nothing about it: what it calls, and what calls it. Another workspace may well have
// a framework/ of its own.
bool IsOfProgram(const CodeLocation& location);

class Symbolizer {
 public:
  static Symbolizer& Instance();
  Symbolizer(const Symbolizer&) = delete;
  Symbolizer& operator=(const Symbolizer&) = delete;

  // Returns the functions that `return_address` returns into, innermost inlined first, or nothing
  // where there is no line table. The reference stays valid.
  const std::vector<CodeLocation>& Resolve(uintptr_t return_address);

  // Returns the first address of the function that `pc` lies in, or `pc` itself.
  uintptr_t FirstAddress(uintptr_t pc) const;

  // Returns the global variable that `address` lies in.
  std::optional<GlobalLocation> FindGlobal(uintptr_t address);

  // Returns the address of a global variable's byte, or nothing.
  std::optional<uintptr_t> AddressOf(const GlobalLocation& location);

 private:
  struct Modules;  // libdw's view of the process.
  struct Global {
    uintptr_t begin = 0;
    size_t size = 0;
    std::string symbol;
    uint32_t occurrence = 0;
  };

  Symbolizer();
  ~Symbolizer();

  void LoadGlobals();

  std::unique_ptr<Modules> modules_;
  std::map<uintptr_t, std::vector<CodeLocation>> resolved_;
  std::vector<Global> globals_;  // By address.
  bool globals_loaded_ = false;
};

}  // namespace heddle
