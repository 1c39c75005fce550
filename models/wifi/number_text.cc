// SPDX-License-Identifier: GPL-2.0-only

#include "models/wifi/number_text.h"

#include "models/kernel/errno.h"

namespace models::wifi {

using kernel::u32;

ssize_t format_number(u32 number, char* buf, size_t bufsize) {
  u32 unit = 1;
  while (number / unit >= 10) unit *= 10;
  size_t length = 0;
  for (; unit > 0 && length < bufsize; unit /= 10) {
    buf[length++] = static_cast<char>('0' + number / unit % 10);
  }
  if (length < bufsize) buf[length++] = '\n';
  return static_cast<ssize_t>(length);
}

int parse_number(const char* buf, size_t count, u32* number) {
  u32 parsed = 0;
  size_t digits = 0;
  for (; digits < count && buf[digits] >= '0' && buf[digits] <= '9'; ++digits) {
    parsed = parsed * 10 + static_cast<u32>(buf[digits] - '0');
  }
  const bool has_line_feed = digits < count && buf[digits] == '\n';
  if (digits == 0 || digits + (has_line_feed ? 1 : 0) != count) return -EINVAL;
  *number = parsed;
  return 0;
}

}  // namespace models::wifi
