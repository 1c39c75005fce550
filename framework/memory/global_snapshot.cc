// SPDX-License-Identifier: MIT

#include "heddle/memory/global_snapshot.h"

#include <link.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "heddle/memory/symbolizer.h"

namespace heddle {

// Returns whether a symbol is none that the program under test calls its own.
static bool IsOfOthers(std::string_view symbol) {
  static constexpr std::string_view kOthers[] = {"heddle::", "doctest::", "std::", "__",
                                                 "guard variable for "};
  return std::any_of(std::begin(kOthers), std::end(kOthers),
                     [&](std::string_view prefix) { return symbol.starts_with(prefix); });
}

// Reads what no sanitizer would let it read: what lies between two variables.
__attribute__((no_sanitize("address"))) static std::byte ByteAt(uintptr_t address) {
  return *reinterpret_cast<const volatile std::byte*>(address);
}

GlobalSnapshot::GlobalSnapshot() {
  const auto add_program = [](dl_phdr_info* module, size_t /*size*/, void* out) {
    for (int i = 0; i < module->dlpi_phnum; ++i) {
      const ElfW(Phdr)& segment = module->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
      Range range{.begin = module->dlpi_addr + segment.p_vaddr};
      range.bytes.resize(segment.p_memsz);
      static_cast<std::vector<Range>*>(out)->push_back(std::move(range));
    }
    return 1;  // The program itself comes first, and is all.
  };
  dl_iterate_phdr(add_program, &ranges_);
  for (Range& range : ranges_) {
    for (size_t i = 0; i < range.bytes.size(); ++i) range.bytes[i] = ByteAt(range.begin + i);
  }
}

std::vector<std::string> GlobalSnapshot::Changed() const {
  std::vector<std::string> names;
  for (const Range& range : ranges_) {
    for (size_t i = 0; i < range.bytes.size(); ++i) {
      if (ByteAt(range.begin + i) == range.bytes[i]) continue;
      const std::optional<GlobalLocation> global =
          Symbolizer::Instance().FindGlobal(range.begin + i);
      if (!global || IsOfOthers(global->symbol)) continue;
      if (names.empty() || names.back() != global->symbol) names.push_back(global->symbol);
    }
  }
  return names;
}

}  // namespace heddle
