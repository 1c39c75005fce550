// SPDX-License-Identifier: GPL-2.0-only
//
// Numbers as the text of a debugfs file: all that is left of scnprintf and kstrtouint.

#pragma once

#include <sys/types.h>

#include <cstddef>

#include "models/kernel/types.h"

namespace models::wifi {

// Writes `number` and a line feed into `buf`. Returns how many bytes.
ssize_t format_number(kernel::u32 number, char* buf, size_t bufsize);

// Reads decimal digits, and maybe a line feed, from the first `count` bytes. Returns 0, or -EINVAL
// and leaves *number alone.
int parse_number(const char* buf, size_t count, kernel::u32* number);

}  // namespace models::wifi
