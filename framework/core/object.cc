// SPDX-License-Identifier: MIT

#include "heddle/core/object.h"

namespace heddle {

static constexpr ObjectType kExecutionType{.noun = "execution"};

void ObjectTable::Reset() {
  objects_.clear();
  Add(kExecutionType, "all tasks", nullptr);
}

ObjectId ObjectTable::Add(const ObjectType& type, const char* name, const void* address) {
  const ObjectId id{size()};
  objects_.push_back({.type = &type, .name = name, .address = address});
  return id;
}

}  // namespace heddle
