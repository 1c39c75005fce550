// SPDX-License-Identifier: GPL-2.0-only
//
// kernfs: files of sysfs, and what their removal waits for.
//
// A callback runs with an active reference to its file. Removal first forbids new active
// references, then waits until none is left: after it, no callback runs and none begins. An open
// file keeps the node's memory, not the node active. A callback that removes its own file gives its
// active reference up first (kernfs_remove_self), or waits for itself.
//
// To report and to the wait graph a file is a lock that every callback holds shared and the remover
// takes.
//
// INVARIANT: once a removal has begun, no active reference is given out.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/object_handle.h"
#include "models/kernel/types.h"

namespace models::kernel {

struct kernfs_node;

struct kernfs_ops {
  ssize_t (*read)(kernfs_node* kn, char* buf, size_t size);
  ssize_t (*write)(kernfs_node* kn, const char* buf, size_t size);
};

struct kernfs_node {
  object_handle handle;
  const kernfs_ops* ops;
  void* priv;
  u32 count;         // References to the memory.
  u32 active;        // Callbacks that run.
  bool is_removed;   // No new ones.
  bool is_suicidal;  // One of its callbacks is removing it.
  bool is_suicided;  // And has.
};

// Makes a file that reports call `name`, which must outlive the execution. Returns it with one
// reference, its existence, or an error pointer (-ENOMEM). Sleeps.
//
// Scheduling point: none: nobody knows the file yet. Blocks: never. An allocation that may fail.
kernfs_node* kernfs_create_file(const char* name, const kernfs_ops* ops, void* priv,
                                heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes, and drops, a reference to the memory: an open file has one. The last one frees.
//
// Scheduling point: before the change. Blocks: never. Fails: kUseAfterFree.
void kernfs_get(kernfs_node* kn, heddle::SourceLocation where = heddle::SourceLocation::Here());
void kernfs_put(kernfs_node* kn, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Takes an active reference, unless the file is being removed; returns whether it did.
//
// Scheduling point: before the attempt. Blocks: never. Fails: kUseAfterFree.
bool kernfs_get_active(kernfs_node* kn,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Drops an active reference of the running task.
//
// Scheduling point: none: a release. Blocks: never.
// Fails:            kMisuse if the task has none; kUseAfterFree.
void kernfs_put_active(kernfs_node* kn,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

// Removes the file: waits for the callbacks that run, then drops its existence. Removing it twice
// is allowed while the memory is held by somebody else. Sleeps.
//
// Scheduling point: before the removal begins; and before the wait, if callbacks run.
// Blocks:           until no callback runs.
// Fails:            kRecursiveDeadlock in a callback of the file; kUseAfterFree.
void kernfs_remove(kernfs_node* kn, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Removes the file from within one of its callbacks. Returns whether this call did; of several
// callbacks at once one does, and the others come back when it has. Sleeps.
//
// Scheduling point: as kernfs_remove, and before the active reference is taken back.
// Blocks:           until no other callback runs.
bool kernfs_remove_self(kernfs_node* kn,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());

// Between the two the running callback does not keep others from removing the file.
// Scheduling point: before each change. Blocks: never.
void kernfs_break_active_protection(kernfs_node* kn,
                                    heddle::SourceLocation where = heddle::SourceLocation::Here());
void kernfs_unbreak_active_protection(
    kernfs_node* kn, heddle::SourceLocation where = heddle::SourceLocation::Here());

// Reads from or writes to an open file: calls it back with an active reference. Returns what the
// callback returned, -ENODEV if the file is removed, -EINVAL if it has no such operation. REQUIRES:
// the caller holds a reference to the memory.
ssize_t kernfs_fop_read(kernfs_node* kn, char* buf, size_t size,
                        heddle::SourceLocation where = heddle::SourceLocation::Here());
ssize_t kernfs_fop_write(kernfs_node* kn, const char* buf, size_t size,
                         heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
