// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/choice.h"

#include "heddle/core/execution.h"

namespace models::kernel {

u32 environment_choice(u32 bound, const char* site, heddle::SourceLocation where) {
  return heddle::Execution::Current().Choose(bound, site, where);
}

}  // namespace models::kernel
