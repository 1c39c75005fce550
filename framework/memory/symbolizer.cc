// SPDX-License-Identifier: MIT

#include "heddle/memory/symbolizer.h"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace heddle {

// ---- Paths

// Drops everything up to the last `marker`, and the marker.
static std::string_view After(std::string_view path, std::string_view marker) {
  const size_t found = path.rfind(marker);
  return found == std::string_view::npos ? path : path.substr(found + marker.size());
}

// Where the framework's own folder lies, as its compiler saw it: "framework/", or
// "external/heddle/framework/" in the workspace of others.
static std::string_view FrameworkFolder() {
  static const std::string folder = [] {
    const std::string self = WorkspacePath(__FILE__);
    return self.substr(0, self.rfind("memory/symbolizer.cc"));
  }();
  return folder;
}

// A compiler sees "bazel-out/k8-opt/bin/framework/core/_virtual_includes/task/heddle/core/task.h"
// for framework/core/task.h, below a sandbox, or below external/heddle/ in another workspace.
std::string WorkspacePath(std::string_view compiled_path) {
  std::string_view path = After(compiled_path, "/proc/self/cwd/");
  if (const size_t root = path.rfind("/execroot/"); root != std::string_view::npos) {
    path.remove_prefix(root + sizeof("/execroot/") - 1);
    path = path.substr(path.find('/') + 1);
  }
  const size_t virtual_includes = path.find("_virtual_includes/");
  if (virtual_includes != std::string_view::npos) {
    const std::string_view included = After(path, "/heddle/");
    if (included.size() != path.size()) return std::string(FrameworkFolder()).append(included);
  }
  if (path.substr(0, 2) == "./") path.remove_prefix(2);
  return std::string(path);
}

bool IsOfProgram(const CodeLocation& location) {
  // What clang puts around the body of a noexcept function.
  if (location.function == "__clang_call_terminate") return false;
  const std::string_view file = location.file;
  const std::string_view others[] = {FrameworkFolder(), "/usr/", "/lib", "external/boost.context/",
                                     "external/doctest/"};
  return std::none_of(std::begin(others), std::end(others),
                      [&](std::string_view folder) { return file.starts_with(folder); });
}

static std::string Demangled(const char* symbol) {
  char* const demangled = abi::__cxa_demangle(symbol, nullptr, nullptr, nullptr);
  const std::string name = demangled == nullptr ? symbol : demangled;
  std::free(demangled);
  return name;
}

// Cuts the last bracketed part, "(int)" or "<int>", off the end of `name`.
static std::string_view WithoutBrackets(std::string_view name, char open, char close) {
  if (name.empty() || name.back() != close) return name;
  int depth = 0;
  for (size_t i = name.size(); i > 0; --i) {
    depth += name[i - 1] == close ? 1 : name[i - 1] == open ? -1 : 0;
    if (depth == 0) return name.substr(0, i - 1);
  }
  return name;
}

// "int heddle::(anonymous namespace)::Widget::Member<int>(int) const" is "Member", as debug
// information would have it.
static std::string FunctionOfSymbol(const char* symbol) {
  std::string demangled = Demangled(symbol);
  for (size_t tag; (tag = demangled.find("[abi:")) != std::string::npos;) {
    demangled.erase(tag, demangled.find(']', tag) + 1 - tag);
  }
  std::string_view name = demangled;
  name = name.substr(0, name.find(" [clone"));
  if (name.ends_with(" const")) name.remove_suffix(sizeof(" const") - 1);
  name = WithoutBrackets(name, '(', ')');
  if (const size_t op = name.rfind("operator"); op != std::string_view::npos) {
    return std::string(name.substr(op));
  }
  name = WithoutBrackets(name, '<', '>');
  if (const size_t scope = name.rfind("::"); scope != std::string_view::npos) {
    name.remove_prefix(scope + 2);
  }
  if (const size_t type = name.rfind(' '); type != std::string_view::npos) {
    name.remove_prefix(type + 1);
  }
  return std::string(name);
}

// ---- Modules

// Debug information comes from the program itself; nothing is looked for elsewhere, least of all on
// the network.
static int FindNoDebugFile(Dwfl_Module* /*module*/, void** /*data*/, const char* /*name*/,
                           Dwarf_Addr /*base*/, const char* /*file*/, const char* /*link*/,
                           GElf_Word /*crc*/, char** /*found*/) {
  return -1;
}

static const Dwfl_Callbacks kCallbacks{.find_elf = dwfl_linux_proc_find_elf,
                                       .find_debuginfo = FindNoDebugFile,
                                       .section_address = nullptr,
                                       .debuginfo_path = nullptr};

struct Symbolizer::Modules {
  Modules() : dwfl(dwfl_begin(&kCallbacks)) {
    dwfl_linux_proc_report(dwfl, getpid());
    dwfl_report_end(dwfl, nullptr, nullptr);
  }
  ~Modules() { dwfl_end(dwfl); }
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  Dwfl* dwfl;
};

Symbolizer::Symbolizer() : modules_(std::make_unique<Modules>()) {}
Symbolizer::~Symbolizer() = default;

Symbolizer& Symbolizer::Instance() {
  static Symbolizer* const symbolizer = new Symbolizer;  // Outlives every static that reports.
  return *symbolizer;
}

// ---- Program counters

static std::string NameOf(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  const char* const name = dwarf_formstring(dwarf_attr_integrate(function, DW_AT_name, &attribute));
  if (name == nullptr) return "";
  const std::string_view text = name;  // Of a template, with its arguments.
  return std::string(text.starts_with("operator") ? text : WithoutBrackets(text, '<', '>'));
}

static int NumberOf(Dwarf_Die* die, unsigned attribute_name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(die, attribute_name, &attribute), &value) != 0) return 0;
  return static_cast<int>(value);
}

// Where an inlined function was called from.
static void SetCallSite(Dwarf_Die* unit, Dwarf_Die* inlined, CodeLocation* caller) {
  Dwarf_Files* files = nullptr;
  size_t count = 0;
  const auto index = static_cast<size_t>(NumberOf(inlined, DW_AT_call_file));
  caller->line = NumberOf(inlined, DW_AT_call_line);
  if (dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count) return;
  const char* const file = dwarf_filesrc(files, index, nullptr, nullptr);
  if (file != nullptr) caller->file = WorkspacePath(file);
}

// Returns the compilation unit that `pc` lies in, by looking at all of them: clang writes no index.
static Dwarf_Die* UnitOf(Dwfl_Module* module, Dwarf_Addr pc, Dwarf_Addr* bias) {
  Dwarf_Die* unit = dwfl_module_addrdie(module, pc, bias);
  if (unit != nullptr) return unit;
  while ((unit = dwfl_module_nextcu(module, unit, bias)) != nullptr) {
    if (dwarf_haspc(unit, pc - *bias) > 0) return unit;
  }
  return nullptr;
}

static CodeLocation LineOf(Dwarf_Die* unit, Dwarf_Addr pc) {
  CodeLocation location;
  Dwarf_Line* const line = dwarf_getsrc_die(unit, pc);
  if (line == nullptr) return location;
  dwarf_lineno(line, &location.line);
  const char* const file = dwarf_linesrc(line, nullptr, nullptr);
  if (file != nullptr) location.file = WorkspacePath(file);
  return location;
}

// Returns the functions around `pc`, innermost first. The scopes of an address are those of the
// source, where an inlined function stands alone; the callers are the ancestors of its innermost
// scope.
static std::vector<CodeLocation> FunctionsOf(Dwarf_Die* unit, Dwarf_Addr pc) {
  std::vector<CodeLocation> functions;
  CodeLocation next = LineOf(unit, pc);
  Dwarf_Die* scopes = nullptr;
  Dwarf_Die* ancestors = nullptr;
  int count = dwarf_getscopes(unit, pc, &scopes);
  if (count > 0) count = dwarf_getscopes_die(&scopes[0], &ancestors);
  for (int i = 0; i < count; ++i) {
    const int tag = dwarf_tag(&ancestors[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    next.function = NameOf(&ancestors[i]);
    functions.push_back(next);
    if (tag == DW_TAG_subprogram) break;
    SetCallSite(unit, &ancestors[i], &next);
  }
  std::free(ancestors);
  std::free(scopes);
  if (functions.empty() && next.line != 0) functions.push_back(next);
  return functions;
}

// Code without line table: a library goes by its own path.
static std::string FileOf(Dwfl_Module* module) {
  const char* const name =
      dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  const std::string_view path = name == nullptr ? "" : name;
  return std::string(path.find(".so") == std::string_view::npos ? "" : path);
}

// Where debug information has no name for the function itself (clang's -g1), the symbol table has
// one.
static void NameOutermost(Dwfl_Module* module, Dwarf_Addr pc,
                          std::vector<CodeLocation>* functions) {
  if (!functions->empty() && !functions->back().function.empty()) return;
  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* const name =
      dwfl_module_addrinfo(module, pc, &offset, &symbol, nullptr, nullptr, nullptr);
  if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_FUNC) return;
  if (functions->empty()) functions->push_back({.function = "", .file = FileOf(module)});
  functions->back().function = FunctionOfSymbol(name);
}

const std::vector<CodeLocation>& Symbolizer::Resolve(uintptr_t return_address) {
  const auto [entry, is_new] = resolved_.try_emplace(return_address);
  std::vector<CodeLocation>& functions = entry->second;
  if (!is_new || return_address == 0) return functions;

  const Dwarf_Addr pc = return_address - 1;  // Within the call, not behind it.
  Dwfl_Module* const module = dwfl_addrmodule(modules_->dwfl, pc);
  if (module == nullptr) return functions;
  Dwarf_Addr bias = 0;
  if (Dwarf_Die* const unit = UnitOf(module, pc, &bias)) functions = FunctionsOf(unit, pc - bias);
  NameOutermost(module, pc, &functions);
  return functions;
}

uintptr_t Symbolizer::FirstAddress(uintptr_t pc) const {
  Dwfl_Module* const module = dwfl_addrmodule(modules_->dwfl, pc);
  GElf_Off offset = 0;
  GElf_Sym symbol;
  if (module == nullptr) return pc;
  if (dwfl_module_addrinfo(module, pc, &offset, &symbol, nullptr, nullptr, nullptr) == nullptr) {
    return pc;
  }
  return pc - offset;
}

// ---- Globals

void Symbolizer::LoadGlobals() {
  globals_loaded_ = true;
  const auto add_module = [](Dwfl_Module* module, void** /*data*/, const char* /*name*/,
                             Dwarf_Addr /*base*/, void* globals) {
    const int count = dwfl_module_getsymtab(module);
    for (int i = 1; i < count; ++i) {
      GElf_Sym symbol;
      GElf_Addr address = 0;
      const char* const name =
          dwfl_module_getsym_info(module, i, &symbol, &address, nullptr, nullptr, nullptr);
      if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_OBJECT) continue;
      if (symbol.st_size == 0 || symbol.st_shndx == SHN_UNDEF) continue;
      static_cast<std::vector<Global>*>(globals)->push_back(
          {.begin = address, .size = symbol.st_size, .symbol = Demangled(name)});
    }
    return static_cast<int>(DWARF_CB_OK);
  };
  dwfl_getmodules(modules_->dwfl, add_module, &globals_, 0);
  const auto by_address = [](const Global& a, const Global& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.symbol < b.symbol;
  };
  std::sort(globals_.begin(), globals_.end(), by_address);
  std::map<std::string, uint32_t> occurrences;
  for (Global& global : globals_) global.occurrence = ++occurrences[global.symbol];
}

std::optional<GlobalLocation> Symbolizer::FindGlobal(uintptr_t address) {
  if (!globals_loaded_) LoadGlobals();
  const auto begins_after = [](uintptr_t a, const Global& global) { return a < global.begin; };
  auto found = std::upper_bound(globals_.begin(), globals_.end(), address, begins_after);
  if (found == globals_.begin()) return std::nullopt;
  --found;
  if (address - found->begin >= found->size) return std::nullopt;
  return GlobalLocation{
      .symbol = found->symbol, .occurrence = found->occurrence, .offset = address - found->begin};
}

std::optional<uintptr_t> Symbolizer::AddressOf(const GlobalLocation& location) {
  if (!globals_loaded_) LoadGlobals();
  const auto is_meant = [&](const Global& global) {
    return global.symbol == location.symbol && global.occurrence == location.occurrence;
  };
  const auto found = std::find_if(globals_.begin(), globals_.end(), is_meant);
  if (found == globals_.end() || location.offset >= found->size) return std::nullopt;
  return found->begin + location.offset;
}

}  // namespace heddle
