// SPDX-License-Identifier: MIT
//
// ScenarioCases: each row of the registry as a doctest case of its own, named
// family/scenario@variant.

#pragma once

#include "heddle/testing/environment.h"

namespace heddle {

// Registers a case for each row of the global registry. Call once, before doctest runs.
// ENSURES: each case explores its row as `environment` says (see CheckRow).
void RegisterScenarioCases(const Environment& environment);

}  // namespace heddle
