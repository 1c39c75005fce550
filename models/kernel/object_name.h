// SPDX-License-Identifier: GPL-2.0-only
//
// Names of kernel objects: as the source spells them. mutex_init(&conn->lock) names "conn->lock".

#pragma once

namespace models::kernel {

// Returns the text of a macro argument, `#argument`, without the address operator in front.
constexpr const char* object_name(const char* argument) {
  while (*argument == '&' || *argument == ' ') ++argument;
  return argument;
}

}  // namespace models::kernel
