// SPDX-License-Identifier: GPL-2.0-only
//
// Bytes and strings, checked: what the C library's functions do to memory, no hook would see.
//
// A copy carries uninitialised bytes along; to compare them is a finding.
//
// Scheduling point: none, unless the search found that one of the accesses races.
// Blocks:           never.
// Fails:            kUseAfterFree, kOutOfBounds and the other findings of memory.

#pragma once

#include <cstddef>

#include "heddle/base/source_location.h"

namespace models::kernel {

void* memcpy(void* to, const void* from, size_t size,
             heddle::SourceLocation where = heddle::SourceLocation::Here());
void* memset(void* to, int byte, size_t size,
             heddle::SourceLocation where = heddle::SourceLocation::Here());
int memcmp(const void* a, const void* b, size_t size,
           heddle::SourceLocation where = heddle::SourceLocation::Here());

size_t strlen(const char* s, heddle::SourceLocation where = heddle::SourceLocation::Here());
size_t strnlen(const char* s, size_t max,
               heddle::SourceLocation where = heddle::SourceLocation::Here());
int strcmp(const char* a, const char* b,
           heddle::SourceLocation where = heddle::SourceLocation::Here());
int strncmp(const char* a, const char* b, size_t max,
            heddle::SourceLocation where = heddle::SourceLocation::Here());

// Copies as much of `from` as fits in `size` bytes with its end. Returns its length, or -E2BIG if
// it did not fit.
long strscpy(char* to, const char* from, size_t size,
             heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
