// SPDX-License-Identifier: MIT

#include "heddle/sync/shared.h"

#include "heddle/memory/access_hooks.h"
#include "heddle/memory/task_memory.h"

namespace heddle::internal {

void AccessShared(const void* data, size_t size, bool is_write, SourceLocation where) {
  if (!IsTaskCode()) return;
  --task_code.accesses_left;
  const MemoryAccess access{
      .address = reinterpret_cast<uintptr_t>(data), .size = size, .is_write = is_write};
  AccessSlowly(access, {.where = where});
}

void BeginShared(const void* data, size_t size, const char* name, SourceLocation where) {
  if (!IsTaskCode() || !TaskMemory::Instance().is_active()) return;
  const RuntimeScope scope;
  TaskMemory::Instance().RegisterFrame(data, size, name, {.where = where});
}

void EndShared(const void* data, SourceLocation where) {
  if (!IsTaskCode() || !TaskMemory::Instance().is_active()) return;
  const RuntimeScope scope;
  TaskMemory::Instance().RetireFrame(data, {.where = where});
}

}  // namespace heddle::internal
