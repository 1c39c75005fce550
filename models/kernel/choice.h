// SPDX-License-Identifier: GPL-2.0-only
//
// Choices of the environment, for the hardware and the users that a model brings along.

#pragma once

#include "heddle/base/source_location.h"
#include "models/kernel/types.h"

namespace models::kernel {

// Returns a value below `bound`; all of them are explored. `site` is what reports call the choice.
//
// Scheduling point: none. Blocks: never. Fails: never. REQUIRES: bound > 0.
u32 environment_choice(u32 bound, const char* site,
                       heddle::SourceLocation where = heddle::SourceLocation::Here());

}  // namespace models::kernel
