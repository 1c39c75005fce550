// SPDX-License-Identifier: GPL-2.0-only
//
// SRCU: read sections that may sleep, each in a domain of its own.
//
// A grace period of a domain waits for the sections of that domain only that existed at its
// beginning.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/lockdep.h"
#include "models/kernel/object_name.h"

namespace models::kernel {

struct srcu_struct {
  lockdep_map dep_map;
};

#define DEFINE_STATIC_SRCU(name) \
  static ::models::kernel::srcu_struct name = {.dep_map = {.handle = STATIC_OBJECT_HANDLE(#name)}}

// init_srcu_struct(&debugfs_srcu): the domain is called "debugfs_srcu". Returns 0.
#define init_srcu_struct(ssp)                                                               \
  ({                                                                                        \
    static ::models::kernel::lock_class_key __key;                                          \
    ::models::kernel::__init_srcu_struct(ssp, ::models::kernel::object_name(#ssp), &__key); \
  })

// Scheduling point: none. Blocks: never. Fails: kMisuse if the domain is in use.
int __init_srcu_struct(srcu_struct* ssp, const char* name, lock_class_key* key,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends the life of a domain. Sleeps. Scheduling point: none. Blocks: never.
// Fails: kMisuse if there are readers.
void cleanup_srcu_struct(srcu_struct* ssp,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

// Begins a section of the running task, which may sleep and begin others inside. The number
// returned goes to srcu_read_unlock.
//
// Scheduling point: before the section begins.
// Blocks:           never.
// Fails:            kMisuse if the domain was never initialised; kUseAfterFree if it is gone.
int srcu_read_lock(srcu_struct* ssp, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Ends the section with number `idx`.
//
// Scheduling point: none. Blocks: never.
// Fails:            kRcuMisuse if the running task has no such section; as srcu_read_lock.
void srcu_read_unlock(srcu_struct* ssp, int idx,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

// Returns whether the running task is inside a section of the domain.
bool srcu_read_lock_held(const srcu_struct* ssp);

// Waits until every section of the domain that exists now has ended. Sleeps.
//
// Scheduling point: before the grace period begins; and before it ends, if there are readers.
// Blocks:           until then.
// Fails:            kRecursiveDeadlock in a section of the domain; kAtomicSleep where sleeping is
//                   forbidden; as srcu_read_lock.
void synchronize_srcu(srcu_struct* ssp,
                      heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
