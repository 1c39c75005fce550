// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/onstack.h"

#include "heddle/core/runtime_scope.h"
#include "heddle/memory/task_memory.h"

namespace models::kernel {

using heddle::SourceLocation;
using heddle::TaskMemory;

onstack_object::onstack_object(const void* address, size_t size, const char* name,
                               SourceLocation where)
    : address_(address), where_(where) {
  const heddle::internal::RuntimeScope scope;
  TaskMemory::Instance().RegisterFrame(address, size, name, {.where = where});
}

onstack_object::~onstack_object() {
  const heddle::internal::RuntimeScope scope;
  TaskMemory::Instance().RetireFrame(address_, {.where = where_});
}

}  // namespace models::kernel
