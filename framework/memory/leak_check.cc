// SPDX-License-Identifier: MIT

#include "heddle/memory/leak_check.h"

#include <link.h>

namespace heddle {

void LeakCheck::Begin() {
  marks_.clear();
  pending_.clear();
  unreached_ = 0;
  for (const Block& block : arena_.blocks()) {
    const bool may_leak = block.is_live && !block.is_internal;
    marks_.push_back(may_leak ? Mark::kNone : Mark::kNeverALeak);
    unreached_ += may_leak ? 1 : 0;
    if (block.is_live && block.is_internal) pending_.push_back(&block);  // Scanned with the first.
  }
  marks_.resize(marks_.size() + arena_.kept().size(), Mark::kNone);
}

const Block& LeakCheck::BlockAt(size_t index) const {
  const size_t count = arena_.blocks().size();
  return index < count ? arena_.blocks()[index] : arena_.kept()[index - count];
}

size_t LeakCheck::IndexOf(const Block& block) const {
  const std::span<const Block> kept = arena_.kept();
  const bool is_kept = !kept.empty() && &block >= &kept.front() && &block <= &kept.back();
  if (is_kept) return arena_.blocks().size() + static_cast<size_t>(&block - kept.data());
  return static_cast<size_t>(&block - arena_.blocks().data());
}

void LeakCheck::Scan(const Range& range) {
  ScanWords(range);
  while (!pending_.empty()) {
    const Block* const block = pending_.back();
    pending_.pop_back();
    ScanWords({.begin = block->begin, .size = block->size});
  }
}

// Reads what no sanitizer would let it read: a root may have poisoned parts.
__attribute__((no_sanitize("address"))) void LeakCheck::ScanWords(const Range& range) {
  constexpr size_t kWord = sizeof(uintptr_t);
  const uintptr_t begin = (range.begin + kWord - 1) / kWord * kWord;
  for (uintptr_t at = begin; at + kWord <= range.begin + range.size; at += kWord) {
    const uintptr_t word = *reinterpret_cast<const uintptr_t*>(at);
    if (!Region::IsHeap(word)) continue;
    const Block* const block = arena_.Find(word);
    // A pointer just past the end is how a range of the standard library ends; it keeps nothing.
    const bool leads_inside = block != nullptr && (block->Contains(word) || block->begin == word);
    if (leads_inside && block->is_live) Reach(*block);
  }
}

void LeakCheck::Reach(const Block& block) {
  const size_t index = IndexOf(block);
  if (marks_[index] != Mark::kNone) return;
  marks_[index] = Mark::kReached;
  if (index < arena_.blocks().size()) --unreached_;
  pending_.push_back(&block);
}

std::span<const Block* const> LeakCheck::Reached() {
  selected_.clear();
  for (size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i] == Mark::kReached) selected_.push_back(&BlockAt(i));
  }
  return selected_;
}

std::span<const Block* const> LeakCheck::Leaks() {
  selected_.clear();
  for (size_t i = 0; i < arena_.blocks().size(); ++i) {
    if (marks_[i] == Mark::kNone) selected_.push_back(&BlockAt(i));
  }
  return selected_;
}

// Those of the one thread there is.
static void AddThreadLocals(const dl_phdr_info& module, std::vector<LeakCheck::Range>* ranges) {
  if (module.dlpi_tls_data == nullptr) return;
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type != PT_TLS) continue;
    ranges->push_back(
        {.begin = reinterpret_cast<uintptr_t>(module.dlpi_tls_data), .size = segment.p_memsz});
  }
}

std::span<const LeakCheck::Range> GlobalData() {
  static const std::vector<LeakCheck::Range> data = [] {
    std::vector<LeakCheck::Range> ranges;
    const auto add_module = [](dl_phdr_info* module, size_t /*size*/, void* out) {
      for (int i = 0; i < module->dlpi_phnum; ++i) {
        const ElfW(Phdr)& segment = module->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
        static_cast<std::vector<LeakCheck::Range>*>(out)->push_back(
            {.begin = module->dlpi_addr + segment.p_vaddr, .size = segment.p_memsz});
      }
      AddThreadLocals(*module, static_cast<std::vector<LeakCheck::Range>*>(out));
      return 0;
    };
    dl_iterate_phdr(add_module, &ranges);
    return ranges;
  }();
  return data;
}

}  // namespace heddle
