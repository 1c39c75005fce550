// SPDX-License-Identifier: GPL-2.0-only
//
// Slab: allocation in the checked heap of the execution.
//
// An allocation commutes with everything that other tasks do, so it is no scheduling point. Each
// one may fail, at the cost of a fault, unless its flags or the scenario exclude it
// (slab_faults_*): the site of the fault is
// "<type> in <function>". With a flag that lets it sleep (GFP_KERNEL) it must not be called in
// atomic context: kAtomicSleep.
//
// Blocks are called by their type: kzalloc_obj<l2cap_conn>(GFP_KERNEL) gives an "l2cap_conn".
// Memory that was not asked to be zeroed is uninitialised, and reading it a finding.

#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "heddle/base/source_location.h"
#include "models/kernel/type_name.h"

namespace models::kernel {

using gfp_t = unsigned int;

inline constexpr gfp_t __GFP_DIRECT_RECLAIM = 1U << 0;  // May sleep.
inline constexpr gfp_t __GFP_HIGH = 1U << 1;
inline constexpr gfp_t __GFP_ZERO = 1U << 2;
inline constexpr gfp_t __GFP_NOFAIL = 1U << 3;
inline constexpr gfp_t __GFP_NOWARN = 1U << 4;
inline constexpr gfp_t GFP_KERNEL = __GFP_DIRECT_RECLAIM;
inline constexpr gfp_t GFP_KERNEL_ACCOUNT = __GFP_DIRECT_RECLAIM;
inline constexpr gfp_t GFP_NOIO = __GFP_DIRECT_RECLAIM;
inline constexpr gfp_t GFP_ATOMIC = __GFP_HIGH;
inline constexpr gfp_t GFP_NOWAIT = __GFP_NOWARN;

// Returns `size` bytes, or null if the allocation fails. `name` is what reports call the block: its
// type.
//
// Scheduling point: none. Blocks: never.
// Fails:            kAtomicSleep if `flags` let it sleep and the task must not.
void* kmalloc(size_t size, gfp_t flags, const char* name = "kmalloc",
              heddle::SourceLocation where = heddle::SourceLocation::Here());
void* kzalloc(size_t size, gfp_t flags, const char* name = "kmalloc",
              heddle::SourceLocation where = heddle::SourceLocation::Here());
void* kcalloc(size_t n, size_t size, gfp_t flags, const char* name = "kmalloc",
              heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns a copy of `len` bytes, or null.
void* kmemdup(const void* src, size_t len, gfp_t flags, const char* name = "kmemdup",
              heddle::SourceLocation where = heddle::SourceLocation::Here());
char* kstrdup(const char* s, gfp_t flags, const char* name = "kstrdup",
              heddle::SourceLocation where = heddle::SourceLocation::Here());
// Copies at most `max` characters.
char* kstrndup(const char* s, size_t max, gfp_t flags, const char* name = "kstrndup",
               heddle::SourceLocation where = heddle::SourceLocation::Here());

// The same for an object of type T, under the name of the type.
template <class T>
T* kmalloc_obj(gfp_t flags, heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return static_cast<T*>(kmalloc(sizeof(T), flags, type_name<T>(), where));
}
template <class T>
T* kzalloc_obj(gfp_t flags, heddle::SourceLocation where = heddle::SourceLocation::Here()) {
  return static_cast<T*>(kzalloc(sizeof(T), flags, type_name<T>(), where));
}

// Frees a block; null is ignored. What the block was is kept for reports.
//
// Scheduling point: none, unless the search found that the free races with an access.
// Blocks:           never.
// Fails:            kDoubleFree; kInvalidFree for anything that is not the start of a live block.
void kfree(const void* block, heddle::SourceLocation where = heddle::SourceLocation::Here());

// ---- Which allocations may fail

// From now on in this execution any allocation may fail (the state at its beginning), or none.
void slab_faults_everywhere();
void slab_faults_nowhere();

// Returns what slab_faults_at was given; "*" if any may fail, and nothing if none may.
std::vector<std::string_view> slab_faults();

// From now on only those allocations may fail whose type, function or whole site ("l2cap_conn in
// l2cap_conn_add") is one of `sites`, which must outlive the execution.
void slab_faults_at(std::initializer_list<std::string_view> sites);

}  // namespace models::kernel
