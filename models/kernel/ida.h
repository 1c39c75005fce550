// SPDX-License-Identifier: GPL-2.0-only
//
// IDA: hands out small integers, the smallest free one first.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/object_name.h"
#include "models/kernel/slab.h"
#include "models/kernel/types.h"

namespace models::kernel {

// 64 consecutive ids.
struct ida_bitmap {
  u32 base;  // The first of them, a multiple of 64.
  u64 taken;
  ida_bitmap* next;
};

struct ida {
  object_handle handle;
  ida_bitmap* first;
};

// ida_init(&hdev->unset_handle_ida): called "hdev->unset_handle_ida".
#define ida_init(ida) ::models::kernel::__ida_init(ida, ::models::kernel::object_name(#ida))
#define DEFINE_IDA(name) ::models::kernel::ida name = {STATIC_OBJECT_HANDLE(#name), nullptr}

void __ida_init(struct ida* ida, const char* name,
                heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns a free id from `min` to `max`, the smallest; or -ENOSPC, -ENOMEM. May sleep as `gfp`
// says.
//
// Scheduling point: before the change. Blocks: never. An allocation that may fail.
// Fails:            kAtomicSleep; kMisuse if it was never initialised; kUseAfterFree if it is gone.
int ida_alloc_range(struct ida* ida, unsigned int min, unsigned int max, gfp_t gfp,
                    heddle::SourceLocation where = heddle::SourceLocation::Here());
inline int ida_alloc(struct ida* ida, gfp_t gfp,
                     heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return ida_alloc_range(ida, 0, 0x7fffffff, gfp, where);
}
inline int ida_alloc_min(struct ida* ida, unsigned int min, gfp_t gfp,
                         heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return ida_alloc_range(ida, min, 0x7fffffff, gfp, where);
}
inline int ida_alloc_max(struct ida* ida, unsigned int max, gfp_t gfp,
                         heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return ida_alloc_range(ida, 0, max, gfp, where);
}

// Takes `id` back; one that was not handed out is a warning.
// Scheduling point: before the change. Blocks: never.
void ida_free(struct ida* ida, unsigned int id,
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes all ids back. Scheduling point: before the change. Blocks: never.
void ida_destroy(struct ida* ida, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether no id is handed out. Scheduling point: before the look. Blocks: never.
bool ida_is_empty(struct ida* ida, heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
