// SPDX-License-Identifier: MIT

#include "heddle/explore/interceptor.h"

#include <utility>

namespace heddle {

static Interceptor* current_interceptor = nullptr;

Interceptor* SetInterceptor(Interceptor* interceptor) {
  return std::exchange(current_interceptor, interceptor);
}

namespace internal {

Interceptor* CurrentInterceptor() {
  return current_interceptor;
}

}  // namespace internal
}  // namespace heddle
