// SPDX-License-Identifier: MIT

#include "heddle/memory/task_memory.h"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <utility>

#include "heddle/core/runtime_scope.h"
#include "heddle/memory/call_site.h"
#include "heddle/memory/call_stack_log.h"
#include "heddle/memory/memory_location.h"
#include "heddle/memory/shadow.h"
#include "heddle/memory/throw_site.h"

namespace heddle {

static constexpr ObjectType kRacyMemory{.noun = "memory"};
static constexpr OperationType kRead{.verb = "read", .access = AccessMode::kRead};
static constexpr OperationType kWrite{.verb = "write"};
static constexpr OperationType kFree{.verb = "free"};

TaskMemory& TaskMemory::Instance() {
  static TaskMemory memory;
  return memory;
}

TaskMemory::TaskMemory()
    : arena_(Arena::Instance()),
      races_(DataRaceDetector::Instance()),
      frames_(&arena_.sites()),
      check_(arena_, frames_),
      leaks_(arena_) {}

void TaskMemory::set_policy(const MemoryPolicy& policy) {
  policy_ = policy;
  arena_.set_limits(policy.heap);
}

Origin TaskMemory::OriginOf(const CodePlace& place) const {
  const Task& task = execution_->running();
  Origin origin{.task = task.id, .step = execution_->step(), .place = place};
  CallStackLog& log = CallStackLog::Instance();
  if (log.is_recording()) [[unlikely]]
    origin.stack = log.Record(place, task.calls.kept());
  return origin;
}

MemoryView TaskMemory::view() const {
  return {.execution = *execution_, .arena = arena_, .frames = frames_};
}

void TaskMemory::Fail(AccessFault fault, const CodePlace& place) {
  fault.origin = OriginOf(place);
  execution_->Fail(FailureOf(fault, view()));
}

// ---- Accesses

bool TaskMemory::OnAccess(const MemoryAccess& access, const CodePlace& place) {
  ResolvePendingRead(access);
  if (AccessCheck::IsOnOwnDeadFrame(access, execution_->running().id)) return false;
  const bool stands = IsSchedulingLocation(access);
  if (stands) [[unlikely]] {
    const ObjectId object = ObjectAt(access.address, access.size, kRacyMemory);
    StandAt(object, access.is_write ? kWrite : kRead, place);
    LogRange(access);
  }
  Check(access, place);
  saw_accesses_ = true;
  if (execution_->happens_before().enabled()) races_.OnAccess(access, OriginOf(place));
  return stands;
}

void TaskMemory::OnMarkedAccess(const MemoryAccess& access, const CodePlace& place) {
  ResolvePendingRead(access);
  if (AccessCheck::IsOnOwnDeadFrame(access, execution_->running().id)) return;
  Check(access, place);
  if (execution_->happens_before().enabled()) races_.OnAccess(access, OriginOf(place));
}

void TaskMemory::Check(const MemoryAccess& access, const CodePlace& place) {
  std::optional<AccessFault> fault = check_.Check(access, execution_->running().id);
  if (!fault) [[likely]]
    return;
  if (fault->kind != FailureKind::kUninitialisedRead) Fail(*fault, place);
  fault->origin = OriginOf(place);
  pending_read_ = std::move(fault);
}

// Writing a bit-field reads the word that holds it, as the next access shows.
void TaskMemory::ResolvePendingRead(const MemoryAccess& next) {
  if (!pending_read_) [[likely]]
    return;
  const AccessFault fault = *std::exchange(pending_read_, std::nullopt);
  const bool same_step =
      fault.origin.task == execution_->running().id && fault.origin.step == execution_->step();
  const bool same_bytes =
      next.address == fault.access.address && next.size == fault.access.size && next.is_write;
  if (same_step && same_bytes) return;
  execution_->Fail(FailureOf(fault, view()));
}

bool TaskMemory::IsSchedulingLocation(const MemoryAccess& access) const {
  if (Region::Contains(access.address)) return AccessCheck::TouchesSchedulingLocation(access);
  return marks_.IsMarkedOutside(access.address, access.size);
}

void TaskMemory::OnCopy(uintptr_t to, uintptr_t from, size_t size) {
  if (!Region::IsHeap(to) || !Region::IsHeap(from)) return;
  for (size_t i = 0; i < size; ++i) {
    const bool is_unknown = Shadow::State(from + i) == ByteState::kUninitialised;
    if (is_unknown) Shadow::Change(to + i, 1, ByteState::kUninitialised);
  }
}

void TaskMemory::FailAccessLimit(const CodePlace& place) {
  const int64_t accesses_max = internal::task_code.accesses_max;
  execution_->Fail(AccessLimitFailure(OriginOf(place), accesses_max, view()));
}

// ---- Scheduling points

ObjectId TaskMemory::ObjectAt(uintptr_t address, size_t size, const ObjectType& type) {
  ObjectRef& reference = objects_.Find(address);
  if (execution_->IsKnown(reference)) [[likely]]
    return ObjectId{reference.id};
  const char* name = type.noun;
  if (execution_->tracing()) {
    const auto location = LocationOf(address, static_cast<uint32_t>(size), view());
    if (location) {
      name = execution_->Intern(location->name + '+' + std::to_string(location->offset));
    }
  }
  const ObjectId object = execution_->Resolve(&reference, type, name);
  if (execution_->step_log() != nullptr) execution_->SetKey(object, GranuleOf(address));
  return object;
}

// Accesses of different sizes to one place are accesses to one object.
uintptr_t TaskMemory::GranuleOf(uintptr_t address) {
  return address / Region::kGranuleSize * Region::kGranuleSize;
}

// An operation has one object; the rest of a range that can be seen by others is touched besides.
void TaskMemory::LogRange(const MemoryAccess& access) {
  StepLog* const log = execution_->step_log();
  if (log == nullptr) return;
  const AccessMode mode = access.is_write ? AccessMode::kWrite : AccessMode::kRead;
  constexpr size_t kGranule = Region::kGranuleSize;
  const uintptr_t end = access.address + access.size;
  for (uintptr_t granule = GranuleOf(access.address); granule < end; granule += kGranule) {
    if (IsSchedulingLocation({.address = granule, .size = kGranule})) {
      log->Touch(StableKey(granule), mode);
    }
  }
}

uint64_t TaskMemory::StableKey(uintptr_t address) const {
  if (!Region::IsHeap(address)) return address;
  const Block* const block = arena_.Find(address);
  if (block == nullptr) return address;
  constexpr int kOffsetBits = 23;
  constexpr int kNumberBits = 22;
  const uint64_t offset = (address - block->begin) & ((uint64_t{1} << kOffsetBits) - 1);
  const uint64_t number = block->number_of_task & ((uint32_t{1} << kNumberBits) - 1);
  const uint64_t owner = (uint64_t{1} << 16) | block->allocated.task.value;
  return owner << (kNumberBits + kOffsetBits) | number << kOffsetBits | offset;
}

void TaskMemory::StandAt(ObjectId object, const OperationType& type, const CodePlace& place) {
  const SourceLocation where = execution_->tracing() ? SourceOf(place) : place.where;
  execution_->SchedulingPoint({.type = &type, .object = object, .where = where});
  internal::LeaveTaskCode();
}

// ---- Blocks

void* TaskMemory::Allocate(const BlockRequest& request, const CodePlace& place) {
  const Origin origin = OriginOf(place);
  void* const block = arena_.Allocate(request, origin);
  if (block == nullptr) {
    execution_->Fail(HeapLimitFailure(origin, arena_.limits().heap_bytes_max, view()));
  }
  marks_.OnBlock(arena_.blocks().back());
  return block;
}

bool TaskMemory::Free(void* block, const CodePlace& place, BlockForm form) {
  if (block == nullptr) return false;
  const auto address = reinterpret_cast<uintptr_t>(block);
  bool stands = false;
  const Block* found = arena_.FindExact(address);
  if (found != nullptr && found->is_live) {
    const MemoryAccess end{
        .address = address, .size = found->size, .is_write = true, .is_end = true};
    ResolvePendingRead(end);
    stands = AccessCheck::TouchesSchedulingLocation(end);
    if (stands) [[unlikely]]
      StandAt(ObjectAt(address, end.size, kRacyMemory), kFree, place);
    LogRange(end);
    if (arena_.FindExact(address)->is_live) {
      if (execution_->happens_before().enabled()) races_.OnAccess(end, OriginOf(place));
      execution_->ForgetObjects(block, end.size);
    }
  }
  const Block* const still = arena_.FindExact(address);
  const bool is_mismatch = still != nullptr && still->is_live && still->form != form;
  const Arena::FreeError error =
      is_mismatch ? Arena::FreeError::kNotABlock : arena_.Free(address, OriginOf(place));
  if (error != Arena::FreeError::kNone) {
    AccessFault fault = check_.FreeFault(address, error);
    fault.freed_as = form;
    Fail(std::move(fault), place);
  }
  return stands;
}

// ---- Objects on stacks

void TaskMemory::RegisterFrame(const void* object, size_t size, const char* name,
                               const CodePlace& place) {
  const auto address = reinterpret_cast<uintptr_t>(object);
  if (!Region::IsStack(address)) return;
  races_.Forget(address, size);
  marks_.OnBlock(frames_.Register(address, size, name, OriginOf(place)));
}

void TaskMemory::RetireFrame(const void* object, const CodePlace& place) {
  const auto address = reinterpret_cast<uintptr_t>(object);
  const Origin origin = OriginOf(place);
  const Block* frame = frames_.Retire(address, origin);
  if (frame == nullptr) return;
  if (!execution_->happens_before().enabled()) return;
  races_.OnAccess({.address = address, .size = frame->size, .is_write = true, .is_end = true},
                  origin);
}

// ---- Turning points

void TaskMemory::OnBegin(Execution& execution) {
  execution_ = &execution;
  saw_accesses_ = false;
  frames_.Reset();
  arena_.Reset();
  races_.Reset(execution.happens_before());
  CallStackLog::Instance().Reset(execution.tracing());
  marks_.Begin(execution.locations(), &arena_.sites());
  pending_read_.reset();
  roots_.clear();
}

void TaskMemory::OnQuiescent(Execution& execution) {
  if (pending_read_) execution.Fail(FailureOf(*pending_read_, view()));
  if (policy_.report_races && !races_.races().empty()) {
    execution.Fail(FailureOf(races_.races().front(), view()));
  }
  if (policy_.report_leaks) CheckLeaks();
}

// What an execution has left behind in a container of the test stays, whether it failed or not. A
// container in a global is looked for where there is memory that operator new gave.
void TaskMemory::KeepWhatIsHeld() {
  leaks_.Begin();
  if (!leaks_.HasUnreached() && arena_.kept().empty()) [[likely]]
    return;
  leaks_.Scan(outer_frames_);
  const auto may_be_in_container = [](const Block& block) {
    return block.is_live && block.form != BlockForm::kPlain;
  };
  if (std::ranges::any_of(arena_.blocks(), may_be_in_container) ||
      std::ranges::any_of(arena_.kept(), may_be_in_container)) {
    for (const LeakCheck::Range& data : GlobalData()) leaks_.Scan(data);
  }
  for (const Block* block : leaks_.Reached()) arena_.Keep(*block);
}

SourceLocation TaskMemory::CallerOfLibrary(SourceLocation where) {
  const internal::RuntimeScope scope;
  return FindCaller({.pc = reinterpret_cast<uintptr_t>(__builtin_return_address(0)),
                     .frame = __builtin_frame_address(0),
                     .callers = execution_->running().calls.kept()},
                    where);
}

void TaskMemory::Locate(Execution& execution, bool is_exception, Failure* failure) {
  const std::string sentence = std::move(failure->title);
  *failure =
      FailureAt(failure->kind, sentence, is_exception ? LastThrow() : CallsOfTask(), execution);
}

// Races count however the execution ended: each location found racy is a scheduling location from
// the next round of the search on.
void TaskMemory::OnEnd(Execution& execution) {
  SchedulingLocations* const locations = execution.locations();
  if (locations != nullptr) {
    for (const DataRace& race : races_.races()) {
      if (IsSchedulingLocation({.address = race.address, .size = race.size})) continue;
      if (const auto location = LocationOf(race.address, race.size, view())) {
        locations->Learn(MemoryLocationText(*location));
      }
    }
  }
  KeepWhatIsHeld();
  execution_ = nullptr;
}

// A primitive is used: its memory has to be there, and nobody may have let go of it meanwhile. One
// byte stands for all, so that its neighbours are left alone. Who initialised it was not seen.
void TaskMemory::OnUse(Execution& /*execution*/, const void* object, bool is_write,
                       SourceLocation where) {
  const internal::RuntimeScope scope;
  const MemoryAccess access{.address = reinterpret_cast<uintptr_t>(object),
                            .size = 1,
                            .is_write = is_write,
                            .is_marked = true};
  const CodePlace place{.where = where};
  ResolvePendingRead(access);
  std::optional<AccessFault> fault = check_.Check(access, execution_->running().id);
  if (fault && fault->kind != FailureKind::kUninitialisedRead) {
    fault->access.size = 0;
    Fail(*fault, place);
  }
  races_.OnAccess(access, OriginOf(place));
}

// ---- Leaks

// Returns the end of this thread's stack; 0 if nobody knows. The C library reads a file to find
// out, so it is asked once.
static uintptr_t StackEnd() {
  static thread_local const uintptr_t end = [] {
    pthread_attr_t attributes;
    void* bottom = nullptr;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return uintptr_t{0};
    pthread_attr_getstack(&attributes, &bottom, &size);
    pthread_attr_destroy(&attributes);
    return reinterpret_cast<uintptr_t>(bottom) + size;
  }();
  return end;
}

void TaskMemory::set_outer_frames(const void* frame) {
  const auto begin = reinterpret_cast<uintptr_t>(frame);
  const uintptr_t end = StackEnd();
  outer_frames_ = {.begin = begin, .size = end > begin ? end - begin : 0};
}

void TaskMemory::AddRoot(const void* root, size_t size) {
  roots_.push_back({.begin = reinterpret_cast<uintptr_t>(root), .size = size});
}

void TaskMemory::CheckLeaks() {
  leaks_.Begin();
  if (!leaks_.HasUnreached()) [[likely]]
    return;
  leaks_.Scan(outer_frames_);
  for (const LeakCheck::Range& root : roots_) leaks_.Scan(root);
  execution_->VisitRoots([this](const void* begin, size_t size) {
    leaks_.Scan({.begin = reinterpret_cast<uintptr_t>(begin), .size = size});
  });
  for (const LeakCheck::Range& data : GlobalData()) {
    if (leaks_.HasUnreached()) leaks_.Scan(data);
  }
  if (leaks_.HasUnreached()) execution_->Fail(LeakFailure(leaks_.Leaks(), view()));
}

}  // namespace heddle
