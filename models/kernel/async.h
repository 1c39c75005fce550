// SPDX-License-Identifier: GPL-2.0-only
//
// Async function calls: functions that run later and concurrently, on system_unbound_wq.
//
// The entry of a call is allocated; if that fails the function runs at once, in the caller, with
// whatever locks the caller holds. Calls are numbered in order of scheduling; who synchronises with
// one waits for all before it.
//
// To the wait graph a call is owned by the worker that runs it or has to get there.

#pragma once

#include <cstdint>

#include "heddle/base/source_location.h"

namespace models::kernel {

using async_cookie_t = uint64_t;
using async_func_t = void (*)(void* data, async_cookie_t cookie);

// async_schedule(__device_attach_async_helper, dev): has func(data, cookie) called. Returns its
// number.
//
// Scheduling point: before the scheduling. Blocks: never; what `func` does where the allocation
// fails.
#define async_schedule(func, data) ::models::kernel::__async_schedule(func, data, #func)

// `name` is what reports call the call.
async_cookie_t __async_schedule(async_func_t func, void* data, const char* name,
                                heddle::SourceLocation where = heddle::SourceLocation::Here());

// Waits until all calls that were scheduled before have returned, or those with a number below
// `cookie`. Sleeps.
//
// Scheduling point: before the look; and before the wait, if calls are left.
// Blocks:           until they have returned.
// Fails:            kRecursiveDeadlock in a call that has to return first.
void async_synchronize_full(heddle::SourceLocation where = heddle::SourceLocation::Here());
void async_synchronize_cookie(async_cookie_t cookie,
                              heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
