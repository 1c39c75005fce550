// SPDX-License-Identifier: GPL-2.0-only
//
// Kept:    the tests of hci_check_conn_params, their order, and the width of max_latency.
// Dropped: nothing.
// Changed: not instrumented: it touches no memory but its arguments.

#include "models/bluetooth/conn_param_range.h"

#include "models/kernel/errno.h"

namespace models::bluetooth {

static int check_conn_params_but_latency(u16 min, u16 max, u16 to_multiplier) {
  if (min > max) return -EINVAL;
  if (min < 6) return -EINVAL;
  if (max > 3200) return -EINVAL;
  if (to_multiplier < 10) return -EINVAL;
  if (to_multiplier > 3200) return -EINVAL;
  if (max >= to_multiplier * 8) return -EINVAL;
  return 0;
}

int hci_check_conn_params(u16 min, u16 max, u16 latency, u16 to_multiplier) {
  if (check_conn_params_but_latency(min, max, to_multiplier) != 0) return -EINVAL;
  if (latency > 499) return -EINVAL;
  // 65535, where `max` lies between four and eight times `to_multiplier`.
  const u16 max_latency = static_cast<u16>((to_multiplier * 4 / max) - 1);
  if (latency > max_latency) return -EINVAL;
  return 0;
}

int hci_check_conn_params_exactly(u16 min, u16 max, u16 latency, u16 to_multiplier) {
  if (check_conn_params_but_latency(min, max, to_multiplier) != 0) return -EINVAL;
  if (latency > 499) return -EINVAL;
  if ((1 + latency) * max > to_multiplier * 4) return -EINVAL;
  return 0;
}

bool conn_params_are_in_range(const update_values& values) {
  const auto& [min, max, latency, to_multiplier] = values;
  return 6 <= min && min <= max && max <= 3200 && 10 <= to_multiplier && to_multiplier <= 3200 &&
         latency <= 499 && (1 + latency) * max <= to_multiplier * 4;
}

static bool is_accepted_out_of_range(int (*check)(u16, u16, u16, u16),
                                     const update_values& values) {
  return check(values.min, values.max, values.latency, values.to_multiplier) == 0 &&
         !conn_params_are_in_range(values);
}

// The tests compare the latency with two numbers only: it suffices to look at none, and at those
// just beyond either. The minimum is compared with 6 and with the maximum.
std::optional<update_values> find_accepted_out_of_range(int (*check)(u16, u16, u16, u16)) {
  for (u16 max = 1; max <= 3201; ++max) {
    for (u16 timeout = 0; timeout <= 3201; ++timeout) {
      const u16 beyond = static_cast<u16>(timeout * 4 / max);
      const update_values candidates[] = {
          {6, max, 0, timeout},   {6, max, beyond, timeout},
          {6, max, 499, timeout}, {6, max, 500, timeout},
          {5, max, 0, timeout},   {static_cast<u16>(max + 1), max, 0, timeout},
      };
      for (const update_values& values : candidates) {
        if (is_accepted_out_of_range(check, values)) return values;
      }
    }
  }
  return std::nullopt;
}

}  // namespace models::bluetooth
