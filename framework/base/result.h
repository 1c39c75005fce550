// SPDX-License-Identifier: MIT
//
// Result<T>: a value, or one sentence that says what was wrong with the input and what was
// expected.

#pragma once

#include <string>
#include <utility>
#include <variant>

#include "heddle/base/check.h"

namespace heddle {

// The sentence of a failed Result. Full sentences without a trailing full stop.
struct Error {
  std::string sentence;
};

template <class T>
class Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return content_.index() == 0; }

  // REQUIRES: ok().
  const T& value() const {
    HEDDLE_CHECK(ok()) << "a failed Result was read: " << error();
    return std::get<0>(content_);
  }
  T& value() {
    HEDDLE_CHECK(ok()) << "a failed Result was read: " << error();
    return std::get<0>(content_);
  }

  // REQUIRES: !ok().
  const std::string& error() const { return std::get<1>(content_).sentence; }

 private:
  std::variant<T, Error> content_;
};

}  // namespace heddle
