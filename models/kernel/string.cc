// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/string.h"

#include <cstdint>
#include <cstring>

#include "heddle/core/runtime_scope.h"
#include "heddle/memory/task_memory.h"
#include "models/kernel/errno.h"

namespace models::kernel {

using heddle::MemoryAccess;
using heddle::SourceLocation;
using heddle::TaskMemory;
using heddle::internal::RuntimeScope;

static void access(const void* memory, size_t size, bool is_write, SourceLocation where) {
  const RuntimeScope scope;
  TaskMemory::Instance().OnAccess(
      {.address = reinterpret_cast<uintptr_t>(memory), .size = size, .is_write = is_write},
      {.where = where});
}

void* memcpy(void* to, const void* from, size_t size, SourceLocation where) {
  if (size == 0) return to;
  access(from, size, false, where);
  access(to, size, true, where);
  std::memcpy(to, from, size);
  const RuntimeScope scope;
  TaskMemory::Instance().OnCopy(reinterpret_cast<uintptr_t>(to), reinterpret_cast<uintptr_t>(from),
                                size);
  return to;
}

void* memset(void* to, int byte, size_t size, SourceLocation where) {
  if (size == 0) return to;
  access(to, size, true, where);
  return std::memset(to, byte, size);
}

int memcmp(const void* a, const void* b, size_t size, SourceLocation where) {
  const auto* left = static_cast<const unsigned char*>(a);
  const auto* right = static_cast<const unsigned char*>(b);
  for (size_t i = 0; i < size; ++i) {
    access(left + i, 1, false, where);
    access(right + i, 1, false, where);
    if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
  }
  return 0;
}

size_t strnlen(const char* s, size_t max, SourceLocation where) {
  size_t size = 0;
  for (; size < max; ++size) {
    access(s + size, 1, false, where);
    if (s[size] == '\0') break;
  }
  return size;
}

size_t strlen(const char* s, SourceLocation where) {
  return strnlen(s, SIZE_MAX, where);
}

int strncmp(const char* a, const char* b, size_t max, SourceLocation where) {
  for (size_t i = 0; i < max; ++i) {
    access(a + i, 1, false, where);
    access(b + i, 1, false, where);
    if (a[i] != b[i])
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i]) ? -1 : 1;
    if (a[i] == '\0') return 0;
  }
  return 0;
}

int strcmp(const char* a, const char* b, SourceLocation where) {
  return strncmp(a, b, SIZE_MAX, where);
}

long strscpy(char* to, const char* from, size_t size, SourceLocation where) {
  if (size == 0) return -E2BIG;
  const size_t len = strnlen(from, size, where);
  const bool fits = len < size;
  const size_t kept = fits ? len : size - 1;
  memcpy(to, from, kept, where);
  memset(to + kept, 0, 1, where);
  return fits ? static_cast<long>(len) : -E2BIG;
}

}  // namespace models::kernel
