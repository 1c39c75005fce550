// SPDX-License-Identifier: GPL-2.0-only
//
// The record behind the invariants: which files are removed, which handlers are inside, what calls
// returned.
//
// Nothing here exists in the kernel. The port calls ghost_*() where something happens that an
// invariant speaks of. The calls only write to the record: they are not instrumented, contain no
// scheduling point, take no lock and change nothing that the port reads.

#pragma once

#include <sys/types.h>

#include "models/debugfs/fs.h"

namespace models::debugfs {

inline constexpr int kNoGhostFile = -1;

struct ghost_file {
  const char* name = "";
  int handlers = 0;  // Inside, between debugfs_file_get and debugfs_file_put.
  bool is_unlinked = false;
  bool is_removed = false;           // debugfs_remove is done with it.
  int handlers_at_removal = 0;       // Inside at that moment.
  int handlers_after_removal = 0;    // Begun since.
  int handlers_let_in_unlinked = 0;  // That asked once the file was unlinked, and were let in.
};

// What a system call on a file came to.
struct ghost_call {
  const char* call = "";
  ssize_t result = 0;
};

struct ghost_log {
  static constexpr int kFiles = 8;
  static constexpr int kCalls = 32;

  ghost_file files[kFiles];
  int file_count = 0;
  ghost_call calls[kCalls];
  int call_count = 0;
};

// Returns an empty record. There is one at a time; it stays readable to the end of the execution.
ghost_log* ghost_log_create();

void ghost_file_created(dentry* dentry);
void ghost_file_unlinked(const dentry* dentry);
void ghost_file_removed(const dentry* dentry);
bool ghost_is_unlinked(const dentry* dentry);
// A handler is let in that asked when the file was unlinked, or was not.
void ghost_handler_begins(const dentry* dentry, bool asked_unlinked);
void ghost_handler_ends(const dentry* dentry);
// `call`, of a user on some file of this file system, returned `result`.
void ghost_call_returned(const super_block* sb, const char* call, ssize_t result);

}  // namespace models::debugfs
