// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/slab.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/task_memory.h"
#include "models/kernel/context.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/string.h"

namespace models::kernel {

using heddle::Execution;
using heddle::SourceLocation;
using heddle::TaskMemory;

namespace {

// What kmalloc(0) returns: no block, and no access to it is allowed either.
constexpr uintptr_t ZERO_SIZE_PTR = 16;

// ---- Sites

// One place in a port that allocates objects of one name. Lives as long as the process: its text
// stands in decisions, and allocating must not format anything once the site is known.
struct fault_site {
  const char* name = nullptr;
  const char* function = nullptr;
  std::unique_ptr<const std::string> text;  // "l2cap_conn in l2cap_conn_add"
  // Whether the filter of that number lets it fail.
  uint64_t filter = 0;
  bool may_fail = true;
};

// Identified by the addresses of its two names. Open addressing; the size is a power of two.
class fault_site_table {
 public:
  fault_site& find(const char* name, const char* function) {
    if (used_ * 2 >= slots_.size()) grow();
    fault_site& slot = probe(name, function);
    if (slot.name == nullptr) {
      ++used_;
      slot.name = name;
      slot.function = function;
      slot.text = std::make_unique<const std::string>(std::string(name) + " in " + function);
    }
    return slot;
  }

 private:
  fault_site& probe(const char* name, const char* function) {
    const auto hash =
        reinterpret_cast<uintptr_t>(name) * 31 + reinterpret_cast<uintptr_t>(function);
    size_t at = hash * 0x9e3779b97f4a7c15 >> 32;
    for (;; ++at) {
      fault_site& slot = slots_[at & (slots_.size() - 1)];
      if (slot.name == nullptr || (slot.name == name && slot.function == function)) return slot;
    }
  }

  void grow() {
    std::vector<fault_site> old(std::max<size_t>(64, slots_.size() * 2));
    old.swap(slots_);
    for (fault_site& site : old) {
      if (site.name != nullptr) probe(site.name, site.function) = std::move(site);
    }
  }

  std::vector<fault_site> slots_;
  size_t used_ = 0;
};

fault_site_table sites;

// Which sites may fail in this execution.
struct slab_world {
  bool everywhere = true;
  std::vector<std::string_view> only;
  uint64_t filter = 0;  // Of the whole process: a site remembers what the last one said.

  void reset() { set(true, {}); }
  void set(bool all, std::initializer_list<std::string_view> some) {
    static uint64_t filters = 0;
    everywhere = all;
    only.assign(some);
    filter = ++filters;
  }
};

per_execution<slab_world> world;

bool matches(const fault_site& site) {
  const std::vector<std::string_view>& only = world->only;
  return std::any_of(only.begin(), only.end(), [&](std::string_view wanted) {
    return wanted == site.name || wanted == site.function || wanted == *site.text;
  });
}

bool allocation_fails(const char* name, SourceLocation where) {
  const char* text = nullptr;
  {
    const heddle::internal::RuntimeScope scope;
    fault_site& site = sites.find(name, where.function);
    if (site.filter != world->filter) {
      site.filter = world->filter;
      site.may_fail = world->everywhere || matches(site);
    }
    if (!site.may_fail) return false;
    text = site.text->c_str();
  }
  return Execution::Current().MayFail(text, where);
}

void* allocate(size_t size, gfp_t flags, const char* name, SourceLocation where) {
  if ((flags & __GFP_DIRECT_RECLAIM) != 0) might_sleep(where);
  if (size == 0) return reinterpret_cast<void*>(ZERO_SIZE_PTR);
  if ((flags & __GFP_NOFAIL) == 0 && allocation_fails(name, where)) return nullptr;
  const heddle::internal::RuntimeScope scope;
  const bool is_zeroed = (flags & __GFP_ZERO) != 0;
  return TaskMemory::Instance().Allocate(
      {.size = size,
       .name = name,
       .content = is_zeroed ? heddle::BlockContent::kZeroed : heddle::BlockContent::kUninitialised},
      {.where = where});
}

}  // namespace

void* kmalloc(size_t size, gfp_t flags, const char* name, SourceLocation where) {
  return allocate(size, flags, name, where);
}

void* kzalloc(size_t size, gfp_t flags, const char* name, SourceLocation where) {
  return allocate(size, flags | __GFP_ZERO, name, where);
}

void* kcalloc(size_t n, size_t size, gfp_t flags, const char* name, SourceLocation where) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(n, size, &bytes)) return nullptr;
  return allocate(bytes, flags | __GFP_ZERO, name, where);
}

void* kmemdup(const void* src, size_t len, gfp_t flags, const char* name, SourceLocation where) {
  void* copy = allocate(len, flags, name, where);
  if (copy != nullptr) memcpy(copy, src, len, where);
  return copy;
}

char* kstrndup(const char* s, size_t max, gfp_t flags, const char* name, SourceLocation where) {
  if (s == nullptr) return nullptr;
  const size_t len = strnlen(s, max, where);
  auto* copy = static_cast<char*>(allocate(len + 1, flags | __GFP_ZERO, name, where));
  if (copy != nullptr) memcpy(copy, s, len, where);
  return copy;
}

char* kstrdup(const char* s, gfp_t flags, const char* name, SourceLocation where) {
  return kstrndup(s, SIZE_MAX - 1, flags, name, where);
}

void kfree(const void* block, SourceLocation where) {
  if (block == nullptr || reinterpret_cast<uintptr_t>(block) == ZERO_SIZE_PTR) return;
  const heddle::internal::RuntimeScope scope;
  TaskMemory::Instance().Free(const_cast<void*>(block), {.where = where});
}

// ---- Which allocations may fail

void slab_faults_everywhere() {
  world->set(true, {});
}
void slab_faults_nowhere() {
  world->set(false, {});
}
void slab_faults_at(std::initializer_list<std::string_view> named) {
  const heddle::internal::RuntimeScope scope;
  world->set(false, named);
}

std::vector<std::string_view> slab_faults() {
  if (world->everywhere) return {"*"};
  return world->only;
}

}  // namespace models::kernel
