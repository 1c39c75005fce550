// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/ida.h"

#include <bit>

#include "heddle/core/execution.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/errno.h"
#include "models/kernel/warn.h"

namespace models::kernel {

using heddle::OperationType;
using heddle::SourceLocation;

static constexpr u32 kIdsPerBitmap = 64;

static constexpr heddle::ObjectType kIda{.noun = "ida"};
static constexpr OperationType kAlloc{.verb = "ida_alloc"};
static constexpr OperationType kFree{.verb = "ida_free"};
static constexpr OperationType kLook{.verb = "ida_is_empty", .access = heddle::AccessMode::kRead};

static void stand_at(struct ida* ida, const OperationType& type, SourceLocation where) {
  heddle::Operation operation{.type = &type, .where = where};
  internal::stand_at(&ida->handle, {kIda, type.verb, where}, &operation);
}

void __ida_init(struct ida* ida, const char* name, SourceLocation where) {
  internal::init_object(&ida->handle, sizeof(*ida), name, {kIda, "ida_init", where});
  ida->first = nullptr;
}

// Returns where the pointer to the bitmap of `id`, or to the first one behind it, stands.
static ida_bitmap** lower_bound(struct ida* ida, u32 id) {
  ida_bitmap** at = &ida->first;
  while (*at != nullptr && (*at)->base + (kIdsPerBitmap - 1) < id) at = &(*at)->next;
  return at;
}

static bool covers(const ida_bitmap* bitmap, u32 id) {
  return bitmap != nullptr && bitmap->base <= id;
}

// Returns the smallest free id from `min` on.
static u32 first_free(struct ida* ida, u32 min) {
  u32 id = min;
  for (const ida_bitmap* bitmap = *lower_bound(ida, id); covers(bitmap, id);
       bitmap = bitmap->next) {
    const u64 below = (u64{1} << (id - bitmap->base)) - 1;
    const int taken = std::countr_one(bitmap->taken | below);
    id = bitmap->base + static_cast<u32>(taken);
    if (taken < static_cast<int>(kIdsPerBitmap)) break;
  }
  return id;
}

int ida_alloc_range(struct ida* ida, unsigned int min, unsigned int max, gfp_t gfp,
                    SourceLocation where) {
  if ((gfp & __GFP_DIRECT_RECLAIM) != 0) might_sleep(where);
  stand_at(ida, kAlloc, where);
  const u32 id = first_free(ida, min);
  if (id > max) return -ENOSPC;
  ida_bitmap** at = lower_bound(ida, id);
  if (!covers(*at, id)) {
    auto* bitmap = kzalloc_obj<ida_bitmap>(gfp, where);
    if (bitmap == nullptr) return -ENOMEM;
    *bitmap = {.base = id / kIdsPerBitmap * kIdsPerBitmap, .taken = 0, .next = *at};
    *at = bitmap;
  }
  (*at)->taken |= u64{1} << (id - (*at)->base);
  return static_cast<int>(id);
}

void ida_free(struct ida* ida, unsigned int id, SourceLocation where) {
  stand_at(ida, kFree, where);
  ida_bitmap** at = lower_bound(ida, id);
  ida_bitmap* bitmap = *at;
  const u64 bit = covers(bitmap, id) ? u64{1} << (id - bitmap->base) : 0;
  const bool is_taken = bit != 0 && (bitmap->taken & bit) != 0;
  if (__warn_on(!is_taken, "ida_free of an id that is not handed out", where)) return;
  bitmap->taken &= ~bit;
  if (bitmap->taken != 0) return;
  *at = bitmap->next;
  kfree(bitmap, where);
}

void ida_destroy(struct ida* ida, SourceLocation where) {
  stand_at(ida, kFree, where);
  while (ida->first != nullptr) {
    ida_bitmap* bitmap = ida->first;
    ida->first = bitmap->next;
    kfree(bitmap, where);
  }
}

bool ida_is_empty(struct ida* ida, SourceLocation where) {
  stand_at(ida, kLook, where);
  return ida->first == nullptr;
}

}  // namespace models::kernel
