// SPDX-License-Identifier: GPL-2.0-only

#include "models/debugfs/invariants.h"

#include <algorithm>
#include <cerrno>

namespace models::debugfs {

std::optional<breach> inv_g1(const ghost_log& log) {
  for (int i = 0; i < log.file_count; ++i) {
    const ghost_file& file = log.files[i];
    if (file.handlers_at_removal > 0) {
      return breach{.sentence = "debugfs_remove returned with " +
                                std::to_string(file.handlers_at_removal) + " handlers of \"" +
                                file.name + "\" inside",
                    .functions = {"__debugfs_file_removed"}};
    }
    if (file.handlers_after_removal > 0) {
      return breach{.sentence = "a handler of \"" + std::string(file.name) +
                                "\" began after debugfs_remove had returned",
                    .functions = {"debugfs_file_get"}};
    }
  }
  return std::nullopt;
}

std::optional<breach> inv_g2(const ghost_log& log) {
  for (int i = 0; i < log.file_count; ++i) {
    const ghost_file& file = log.files[i];
    if (!file.is_removed || file.handlers == 0) continue;
    return breach{.sentence = std::to_string(file.handlers) + " handlers of \"" + file.name +
                              "\" never returned, though it is removed",
                  .functions = {"debugfs_file_get"}};
  }
  return std::nullopt;
}

std::optional<breach> inv_g5(const ghost_log& log) {
  constexpr ssize_t kAllowed[] = {-EIO, -ENODEV, -ENOENT, -ENOMEM};
  for (int i = 0; i < log.call_count; ++i) {
    const ghost_call& call = log.calls[i];
    if (call.result >= 0) continue;
    if (std::find(std::begin(kAllowed), std::end(kAllowed), call.result) != std::end(kAllowed)) {
      continue;
    }
    return breach{.sentence = std::string(call.call) + " returned " + std::to_string(call.result),
                  .functions = {call.call}};
  }
  return std::nullopt;
}

}  // namespace models::debugfs
