// SPDX-License-Identifier: MIT
//
// PriceCache: prices by article, each computed when somebody asks for it first.
//
// A price takes long to compute, so that happens without the lock. Whoever comes second with a
// price that two have computed has to drop his own: the first one is in use already.

#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "framework/core/execution.h"

namespace shop {

struct Price {
  int cents = 0;
};

enum class Second { kDropsHisOwn, kReplacesTheFirst };

template <class Mutex = std::mutex, Second second = Second::kDropsHisOwn>
class PriceCache {
 public:
  // Returns the price of `article`, which lives as long as the cache.
  const Price* Get(int article) {
    const Price* known = nullptr;
    WithLock(mutex_, [&] { known = Find(article); });
    return known != nullptr ? known : Insert(article, Compute(article));
  }

 private:
  static std::unique_ptr<Price> Compute(int article) {
    return std::make_unique<Price>(Price{.cents = 100 * article + 99});
  }

  const Price* Find(int article) const {
    const auto found = prices_.find(article);
    return found == prices_.end() ? nullptr : found->second.get();
  }

  const Price* Insert(int article, std::unique_ptr<Price> price) {
    const std::lock_guard guard(mutex_);
    std::unique_ptr<Price>& entry = prices_[article];
    if (entry == nullptr || second == Second::kReplacesTheFirst) entry = std::move(price);
    return entry.get();
  }

  Mutex mutex_;
  std::map<int, std::unique_ptr<Price>> prices_;
};

}  // namespace shop
