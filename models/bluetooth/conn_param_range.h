// SPDX-License-Identifier: GPL-2.0-only
//
// The range of connection parameters: the kernel's test (include/net/bluetooth/hci_core.h) and the
// bound it stands for.
//
// Units: intervals in 1.25 ms, timeout in 10 ms. A link must not be given up while its peer rightly
// sleeps through `latency` events: (1 + latency) * max * 1.25 ms * 2 < timeout * 10 ms. The
// kernel's formula means "at most" for that "less than".

#pragma once

#include <optional>

#include "models/bluetooth/hci_core.h"

namespace models::bluetooth {

// Tests whether the values may be used: 0 or -EINVAL. Accepts some that are beyond the bound; see
// INV-B6.
int hci_check_conn_params(u16 min, u16 max, u16 latency, u16 to_multiplier);

// The same without the defect: the bound on the latency is computed where it cannot wrap. In no
// version.
int hci_check_conn_params_exactly(u16 min, u16 max, u16 latency, u16 to_multiplier);

// Whether the values keep the bound that the kernel's formula stands for.
bool conn_params_are_in_range(const update_values& values);

// Returns values that `check` accepts although they are out of range, or nothing. Looks at every
// maximum and timeout, with each latency at which an answer can change.
std::optional<update_values> find_accepted_out_of_range(int (*check)(u16, u16, u16, u16));

}  // namespace models::bluetooth
