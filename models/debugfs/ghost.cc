// SPDX-License-Identifier: GPL-2.0-only

#include "models/debugfs/ghost.h"

#include "heddle/base/check.h"

namespace models::debugfs {

// Outside of the memory of the program under test, which dies with it.
static ghost_log the_log;

ghost_log* ghost_log_create() {
  the_log = {};
  return &the_log;
}

static ghost_file* file_of(const dentry* dentry) {
  HEDDLE_CHECK(dentry->ghost_file != kNoGhostFile) << "a file that the record does not know";
  return &dentry->d_sb->ghost->files[dentry->ghost_file];
}

void ghost_file_created(dentry* dentry) {
  ghost_log* log = dentry->d_sb->ghost;
  HEDDLE_CHECK(log->file_count < ghost_log::kFiles) << "more files than the record has room for";
  dentry->ghost_file = log->file_count;
  log->files[log->file_count++] = {.name = dentry->d_name};
}

void ghost_file_unlinked(const dentry* dentry) {
  file_of(dentry)->is_unlinked = true;
}

void ghost_file_removed(const dentry* dentry) {
  ghost_file* file = file_of(dentry);
  file->is_removed = true;
  file->handlers_at_removal = file->handlers;
}

bool ghost_is_unlinked(const dentry* dentry) {
  return file_of(dentry)->is_unlinked;
}

void ghost_handler_begins(const dentry* dentry, bool asked_unlinked) {
  ghost_file* file = file_of(dentry);
  ++file->handlers;
  if (asked_unlinked) ++file->handlers_let_in_unlinked;
  if (file->is_removed) ++file->handlers_after_removal;
}

void ghost_handler_ends(const dentry* dentry) {
  --file_of(dentry)->handlers;
}

void ghost_call_returned(const super_block* sb, const char* call, ssize_t result) {
  ghost_log* log = sb->ghost;
  HEDDLE_CHECK(log->call_count < ghost_log::kCalls) << "more calls than the record has room for";
  log->calls[log->call_count++] = {.call = call, .result = result};
}

}  // namespace models::debugfs
