// SPDX-License-Identifier: GPL-2.0-only
//
// type_name<T>(): the name of a type as its own namespace spells it, "l2cap_conn", equal under both
// compilers.

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace models::kernel {

namespace internal {

// "... [with T = models::bluetooth::l2cap_conn]" or "... [T = models::bluetooth::l2cap_conn]".
template <class T>
constexpr std::string_view spelled_type() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text = text.substr(0, text.find_first_of(";]"));
  const size_t scope = text.rfind("::");
  return scope == std::string_view::npos ? text : text.substr(scope + 2);
}

template <class T>
inline constexpr auto type_name_text = [] {
  constexpr std::string_view kSpelled = spelled_type<T>();
  std::array<char, kSpelled.size() + 1> text{};
  for (size_t i = 0; i < kSpelled.size(); ++i) text[i] = kSpelled[i];
  return text;
}();

}  // namespace internal

// Returns the name of T without its namespaces.
template <class T>
constexpr const char* type_name() {
  return internal::type_name_text<T>.data();
}

}  // namespace models::kernel
