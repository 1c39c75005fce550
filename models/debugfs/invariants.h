// SPDX-License-Identifier: GPL-2.0-only
//
// INV-G1, INV-G2 and INV-G5 over the record of an execution that has come to its end.
//
//   INV-G1 drained   Once debugfs_remove has returned, no handler of the file runs, and none
//                    begins.
//   INV-G2 returned  Every handler of a file that was removed has returned.
//   INV-G3 stacks    No object on a stack is used once its function has returned. The engine finds
//                    it where it happens: stack-use-after-return.
//   INV-G4 fsdata    Every debugfs_fsdata is freed once, with no cancellation in its list: double
//                    free, leak, and a warning of debugfs_release_dentry.
//   INV-G5 results   Calls return data, or -EIO, -ENODEV, -ENOENT or -ENOMEM, and nothing else.
//                    Data of an object that is gone is a use after free.
//
// A breach names the functions in which the obligation was broken.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/debugfs/ghost.h"

namespace models::debugfs {

struct breach {
  std::string sentence;
  std::vector<std::string> objects;
  std::vector<std::string> functions;

  // As what the engine calls it.
  template <class Violation>
  operator Violation() const {  // NOLINT(google-explicit-constructor)
    return {sentence, objects, functions};
  }
};

std::optional<breach> inv_g1(const ghost_log& log);
std::optional<breach> inv_g2(const ghost_log& log);
std::optional<breach> inv_g5(const ghost_log& log);

// Has them checked at the end of the execution:
//   add_invariants(execution, heddle::CheckedAt::kEnd, *sb->ghost);
template <class Execution, class When>
void add_invariants(Execution& execution, When at_end, const ghost_log& log) {
  const ghost_log* record = &log;
  execution.AddInvariant({"INV-G1", at_end, [record] { return inv_g1(*record); }});
  execution.AddInvariant({"INV-G2", at_end, [record] { return inv_g2(*record); }});
  execution.AddInvariant({"INV-G5", at_end, [record] { return inv_g5(*record); }});
}

}  // namespace models::debugfs
