// SPDX-License-Identifier: GPL-2.0-only

#include "models/kernel/srcu.h"

#include <memory>
#include <vector>

#include "heddle/core/execution.h"
#include "heddle/core/runtime_scope.h"
#include "models/kernel/checked_access.h"
#include "models/kernel/context.h"
#include "models/kernel/finding.h"
#include "models/kernel/grace_period.h"
#include "models/kernel/per_execution.h"
#include "models/kernel/task_context.h"

namespace models::kernel {

using heddle::Execution;
using heddle::ObjectId;
using heddle::Operation;
using heddle::OperationType;
using heddle::SourceLocation;
using internal::grace_period;
using internal::read_domain;

namespace {

constexpr heddle::ObjectType kSrcu{.noun = "srcu_struct"};

// Domains keep their addresses; those past the count are left over from earlier executions.
struct srcu_world {
  std::vector<std::unique_ptr<read_domain>> domains;
  size_t count = 0;

  void reset() { count = 0; }
};

per_execution<srcu_world> world;

// Object::value is the number of the object's domain, from 1; 0 before its first use.
read_domain& domain_of(ObjectId id) {
  srcu_world& srcu = world.get();
  u64& number = Execution::Current().object(id).value;
  if (number == 0) {
    const heddle::internal::RuntimeScope scope;
    if (srcu.count == srcu.domains.size()) srcu.domains.push_back(std::make_unique<read_domain>());
    number = ++srcu.count;
    srcu.domains[number - 1]->reset(id);
  }
  return *srcu.domains[number - 1];
}

read_domain& domain_of(const Operation& operation) {
  return domain_of(operation.object);
}

grace_period& period_of(const Operation& operation) {
  return *reinterpret_cast<grace_period*>(operation.argument);
}

bool is_period_over(const Execution& execution, const Operation& operation) {
  return internal::is_gone(execution.object(operation.object)) ||
         domain_of(operation).is_over(period_of(operation));
}

void add_readers(const Execution&, const Operation& operation, heddle::TaskSet* owners) {
  domain_of(operation).add_readers(period_of(operation), owners);
}

constexpr OperationType kReadLock{.verb = "srcu read lock", .access = heddle::AccessMode::kRead};
constexpr OperationType kBegin{.verb = "begin grace period of"};
constexpr OperationType kWait{
    .verb = "wait for readers of", .ready = is_period_over, .owners = add_readers};

}  // namespace

int __init_srcu_struct(srcu_struct* ssp, const char* name, lock_class_key* key,
                       SourceLocation where) {
  internal::init_object(&ssp->dep_map.handle, sizeof(*ssp), name,
                        {kSrcu, "init_srcu_struct", where});
  __lockdep_set_class(&ssp->dep_map, key, 0);
  return 0;
}

void cleanup_srcu_struct(srcu_struct* ssp, SourceLocation where) {
  might_sleep(where);
  internal::destroy_object(&ssp->dep_map.handle, {kSrcu, "cleanup_srcu_struct", where});
}

int srcu_read_lock(srcu_struct* ssp, SourceLocation where) {
  Execution& execution = Execution::Current();
  Operation operation{.type = &kReadLock};
  internal::stand_at(&ssp->dep_map.handle, {kSrcu, "srcu_read_lock", where}, &operation);
  const u64 number = domain_of(operation).begin_section();
  execution.AddHolding(execution.running().id,
                       {.object = operation.object, .step = execution.step(), .where = where});
  internal::lock_acquired(ssp->dep_map, operation.object,
                          {.kind = lock_kind::kSrcu, .mode = lock_mode::kRecursiveRead}, where);
  return static_cast<int>(number);
}

void srcu_read_unlock(srcu_struct* ssp, int idx, SourceLocation where) {
  const ObjectId id =
      internal::use_object(&ssp->dep_map.handle, {kSrcu, "srcu_read_unlock", where});
  const u64 number = static_cast<u64>(idx);
  if (!domain_of(id).has_section(number)) {
    internal::fail(heddle::FailureKind::kRcuMisuse, id,
                   {"srcu_read_unlock of a section that the task is not in"}, where);
  }
  internal::pop_held(id, lock_kind::kSrcu);
  Execution::Current().Dropped(id);
  domain_of(id).end_section(number);
}

bool srcu_read_lock_held(const srcu_struct* ssp) {
  return lockdep_is_held(ssp);
}

void synchronize_srcu(srcu_struct* ssp, SourceLocation where) {
  might_sleep(where);
  const internal::primitive_call call{kSrcu, "synchronize_srcu", where};
  Operation beginning{.type = &kBegin};
  internal::stand_at(&ssp->dep_map.handle, call, &beginning);
  read_domain& domain = domain_of(beginning);
  grace_period period;
  domain.begin(&period);
  if (!domain.is_over(period)) {
    Operation wait{.type = &kWait, .argument = reinterpret_cast<uintptr_t>(&period)};
    internal::stand_at(&ssp->dep_map.handle, call, &wait);
  }
  domain.end(&period);
}

}  // namespace models::kernel
