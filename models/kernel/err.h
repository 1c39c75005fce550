// SPDX-License-Identifier: GPL-2.0-only
//
// Error pointers: a small negative errno in place of a pointer.

#pragma once

#include <cstdint>

#include "models/kernel/errno.h"

namespace models::kernel {

inline constexpr uintptr_t MAX_ERRNO = 4095;

static inline bool IS_ERR_VALUE(uintptr_t value) {
  return value >= ~MAX_ERRNO + 1;
}

static inline bool IS_ERR(const void* pointer) {
  return IS_ERR_VALUE(reinterpret_cast<uintptr_t>(pointer));
}

static inline bool IS_ERR_OR_NULL(const void* pointer) {
  return pointer == nullptr || IS_ERR(pointer);
}

static inline long PTR_ERR(const void* pointer) {
  return reinterpret_cast<intptr_t>(pointer);
}

// Returns the error in `pointer`, or 0 if it points at something.
static inline int PTR_ERR_OR_ZERO(const void* pointer) {
  return IS_ERR(pointer) ? static_cast<int>(PTR_ERR(pointer)) : 0;
}

// What ERR_PTR returns: a pointer of whatever type is needed.
struct error_pointer {
  intptr_t error;

  template <class T>
  operator T*() const {  // NOLINT(google-explicit-constructor)
    return reinterpret_cast<T*>(error);
  }
};

static inline error_pointer ERR_PTR(long error) {
  return {error};
}

static inline error_pointer ERR_CAST(const void* pointer) {
  return {PTR_ERR(pointer)};
}

}  // namespace models::kernel
