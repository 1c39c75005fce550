// SPDX-License-Identifier: GPL-2.0-only
//
// The kernel's names for integers.
//
// __le16 and the others are plain integers: ports keep values in the order of the machine and drop
// the conversions.

#pragma once

#include <cstddef>
#include <cstdint>

#include <sys/types.h>

namespace models::kernel {

using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using s8 = int8_t;
using s16 = int16_t;
using s32 = int32_t;
using s64 = int64_t;

using __u8 = u8;
using __u16 = u16;
using __u32 = u32;
using __u64 = u64;
using __le16 = u16;
using __le32 = u32;
using __le64 = u64;
using __be16 = u16;
using __be32 = u32;

using umode_t = unsigned short;
using resource_size_t = u64;
using phys_addr_t = u64;

using ::loff_t;
using ::size_t;
using ::ssize_t;

}  // namespace models::kernel
