// SPDX-License-Identifier: GPL-2.0-only
//
// Error numbers. Those that user space knows are macros of the C library with the kernel's values;
// the kernel's own are here.

#pragma once

#include <cerrno>

namespace models::kernel {

inline constexpr int ERESTARTSYS = 512;
inline constexpr int ENOIOCTLCMD = 515;
inline constexpr int EPROBE_DEFER = 517;
inline constexpr int ENOTSUPP = 524;

static_assert(EINTR == 4 && EAGAIN == 11 && ENOMEM == 12 && EBUSY == 16 && EINVAL == 22);
static_assert(ENODATA == 61 && ENETDOWN == 100 && ETIMEDOUT == 110 && ECANCELED == 125);

}  // namespace models::kernel
