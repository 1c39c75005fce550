// SPDX-License-Identifier: GPL-2.0-only
//
// A user of debugfs: a program that opens a file, reads or writes it once, and closes it. It stands
// in the directory, which it therefore has a reference on. What its calls return is recorded for
// INV-G5.

#pragma once

#include "models/debugfs/fs.h"

namespace models::debugfs {

// Open, and close. user_open returns an error pointer where open does.
file* user_open(dentry* dir, const char* name);
void user_close(file* file);

// One call on an open file; returns its result.
ssize_t user_read(file* file);
ssize_t user_write(file* file, const char* text);

// All of it; returns the result of the first call that fails, or of the read or write.
ssize_t user_reads(dentry* dir, const char* name);
ssize_t user_writes(dentry* dir, const char* name, const char* text);

}  // namespace models::debugfs
