// SPDX-License-Identifier: MIT
//
// The interrupted code is not unwound and never goes on. It may have been in the middle of
// anything, also of the framework, on behalf of a bad pointer; all that an execution changes is
// reset before the next. Only the watchdog must be careful: it waits until the program's own code
// runs, for a library may hold a lock.

#include "heddle/memory/fault_handler.h"

#include <execinfo.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <utility>

#include "heddle/base/check.h"
#include "heddle/core/execution.h"
#include "heddle/core/fiber.h"
#include "heddle/core/runtime_scope.h"
#include "heddle/memory/access_check.h"
#include "heddle/memory/memory_failure.h"
#include "heddle/memory/region.h"
#include "heddle/memory/symbolizer.h"

// Where the code of the program begins and ends, as the linker says.
extern "C" const char __executable_start;
extern "C" const char etext;

namespace heddle {
namespace {

constexpr std::array<int, 5> kSignals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr size_t kStackSize = size_t{512} << 10;
constexpr long kTickNanoseconds = 50'000'000;
constexpr size_t kFramesMax = 64;

// What a signal found, for the report after it.
struct Fault {
  int signal = 0;  // 0: the watchdog.
  uintptr_t address = 0;
  bool is_general = false;  // The processor did not say which address.
  uintptr_t pc = 0;
  size_t frame_count = 0;
  std::array<void*, kFramesMax> frames{};
};

Fault fault;
std::array<struct sigaction, kSignals.size() + 1> previous_actions;
bool is_installed = false;

// ---- Stacks

void* MapStack() {
  void* const stack = mmap(nullptr, kStackSize, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  HEDDLE_CHECK(stack != MAP_FAILED) << "no memory for the stack of signal handlers";
  return stack;
}

// Where handlers run, and where what they found is reported.
void* SignalStack() {
  static void* const stack = MapStack();
  return stack;
}

void* ReportStack() {
  static void* const stack = MapStack();
  return stack;
}

// ---- The interrupted context

#if defined(__x86_64__)
uintptr_t ProgramCounter(const ucontext_t& context) {
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RIP]);
}
uintptr_t StackPointer(const ucontext_t& context) {
  return static_cast<uintptr_t>(context.uc_mcontext.gregs[REG_RSP]);
}
// A call to an address that holds no code has left the return address on the stack.
uintptr_t CallerOfNothing(const ucontext_t& context) {
  return *reinterpret_cast<const uintptr_t*>(StackPointer(context));
}
void GoOnIn(ucontext_t* context, void (*function)(), uintptr_t stack_top) {
  context->uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(function);
  // As after a call: one word below an aligned stack pointer.
  context->uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(stack_top - sizeof(uintptr_t));
}
#elif defined(__aarch64__)
uintptr_t ProgramCounter(const ucontext_t& context) {
  return context.uc_mcontext.pc;
}
uintptr_t StackPointer(const ucontext_t& context) {
  return context.uc_mcontext.sp;
}
uintptr_t CallerOfNothing(const ucontext_t& context) {
  return context.uc_mcontext.regs[30];
}
void GoOnIn(ucontext_t* context, void (*function)(), uintptr_t stack_top) {
  context->uc_mcontext.pc = reinterpret_cast<uintptr_t>(function);
  context->uc_mcontext.sp = stack_top;
}
#else
#error "heddle knows the registers of x86-64 and aarch64 only"
#endif

bool HitsTask(const ucontext_t& context) {
  return Execution::HasCurrent() && Region::IsStack(StackPointer(context));
}

// ---- After the signal

std::string OverflowText(const Execution& execution) {
  return "stack overflow: the " + std::to_string(Region::kStackSize >> 10) + " KiB of stack of " +
         execution.running().name + " are used up";
}

std::string AccessText() {
  if (fault.is_general) return "access through an address that no pointer can have";
  if (fault.address < AccessCheck::kNullPageSize) {
    return "access through a null pointer, at offset " + std::to_string(fault.address);
  }
  return "access to memory that is not there";
}

std::pair<FailureKind, std::string> Diagnose(const Execution& execution) {
  switch (fault.signal) {
    case SIGABRT:
      return {FailureKind::kAbort, "abort() was called"};
    case SIGILL:
      return {FailureKind::kAbort, "an instruction that traps was executed"};
    case SIGFPE:
      return {FailureKind::kOops, "division by zero, or of the smallest number by -1"};
    case SIGSEGV:
    case SIGBUS:
      if (Region::IsGuard(fault.address)) return {FailureKind::kOops, OverflowText(execution)};
      return {FailureKind::kOops, AccessText()};
    default:
      break;
  }
  const double seconds = execution.limits().step_cpu_ms_max / 1000.0;
  std::string limit = std::to_string(seconds);
  limit.erase(limit.find_last_not_of('0') + 1);
  if (limit.back() == '.') limit.pop_back();
  return {FailureKind::kStepLimit, "no scheduling point for " + limit + " s of CPU time"};
}

// A loop was interrupted anywhere; it is told by the first line of its function, so that reports of
// one schedule are equal.
Failure FaultFailure(const Execution& execution) {
  auto [kind, title] = Diagnose(execution);
  std::vector<uintptr_t> pcs;
  for (size_t i = 0; i < fault.frame_count; ++i) {
    pcs.push_back(reinterpret_cast<uintptr_t>(fault.frames[i]));
  }
  if (kind == FailureKind::kStepLimit) {
    pcs = {Symbolizer::Instance().FirstAddress(fault.pc) + 1};
  } else if (pcs.empty()) {
    pcs = {fault.pc + 1};
  }
  return FailureAt(kind, std::move(title), pcs, execution);
}

// Runs on a stack of its own, in place of the interrupted code, and is never unwound.
[[noreturn]] void ReportFault() {
  internal::LeaveTaskCode();
  Fiber::AdoptStack(ReportStack(), kStackSize);
  Execution& execution = Execution::Current();
  execution.Fail(FaultFailure(execution));
}

[[noreturn]] void StackEntry() {
  ReportFault();
}

void LeaveTask(ucontext_t* context) {
  const auto top = reinterpret_cast<uintptr_t>(ReportStack()) + kStackSize;
  GoOnIn(context, StackEntry, top);
}

// ---- Handlers

// Collects the calls that led to the signal. The unwinder passes through the frame of the signal
// itself; what lies before it is the handler.
void CollectFrames(uintptr_t pc) {
  std::array<void*, kFramesMax> all{};
  const int count = backtrace(all.data(), static_cast<int>(all.size()));
  const auto end = all.begin() + count;
  const auto interrupted = std::find(all.begin(), end, reinterpret_cast<void*>(pc));
  if (interrupted == end) return;
  fault.frame_count = static_cast<size_t>(end - interrupted);
  std::copy(interrupted, end, fault.frames.begin());
  // The address of the instruction itself, where others are return addresses.
  fault.frames[0] = reinterpret_cast<void*>(pc + 1);
}

void PassOn(int signal, siginfo_t* info, void* context) {
  const auto index = std::find(kSignals.begin(), kSignals.end(), signal) - kSignals.begin();
  const struct sigaction& previous = previous_actions[static_cast<size_t>(index)];
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(signal, info, context);
    return;
  }
  if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
    return;
  }
  // A fault happens again upon return, and then ends the process; a signal that was sent does not.
  sigaction(signal, &previous, nullptr);
  if (info->si_code <= 0) raise(signal);
}

void OnFault(int signal, siginfo_t* info, void* raw_context) {
  auto* const context = static_cast<ucontext_t*>(raw_context);
  if (!HitsTask(*context)) {
    PassOn(signal, info, raw_context);
    return;
  }
  const bool has_address = signal == SIGSEGV || signal == SIGBUS;
  fault = {.signal = signal, .pc = ProgramCounter(*context)};
  if (has_address) {
    fault.address = reinterpret_cast<uintptr_t>(info->si_addr);
    fault.is_general = info->si_code == SI_KERNEL;
  }
  const bool called_nothing = has_address && fault.address == fault.pc;
  if (called_nothing) fault.pc = CallerOfNothing(*context) - 1;
  const bool has_overflown = has_address && Region::IsGuard(fault.address);
  if (!called_nothing && !has_overflown) CollectFrames(fault.pc);
  LeaveTask(context);
}

// ---- The watchdog

// Progress as the last tick saw it.
struct Progress {
  uint32_t execution = 0;
  uint64_t step = 0;
  uint32_t ticks = 0;  // Since it was last seen to change.
};

Progress progress;

// Whether `pc` lies in the program itself, where no lock of a library is held.
bool IsOwnCode(uintptr_t pc) {
  return pc >= reinterpret_cast<uintptr_t>(&__executable_start) &&
         pc < reinterpret_cast<uintptr_t>(&etext);
}

void OnTick(int /*signal*/, siginfo_t* /*info*/, void* raw_context) {
  auto* const context = static_cast<ucontext_t*>(raw_context);
  if (!HitsTask(*context) || !internal::IsTaskCode()) return;
  const Execution& execution = Execution::Current();
  if (progress.execution != execution.serial() || progress.step != execution.step()) {
    progress = {.execution = execution.serial(), .step = execution.step()};
    return;
  }
  const uint32_t ticks_max = execution.limits().step_cpu_ms_max / (kTickNanoseconds / 1'000'000);
  if (++progress.ticks < ticks_max) return;
  // A loop that is never met outside of libraries is left there in the end.
  const bool is_overdue = progress.ticks >= 4 * ticks_max;
  if (!is_overdue && !IsOwnCode(ProgramCounter(*context))) return;
  fault = {.pc = ProgramCounter(*context)};
  LeaveTask(context);
}

int WatchdogSignal() {
  return SIGRTMIN + 5;
}

timer_t CreateTimer() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = WatchdogSignal();
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  timer_t timer{};
  HEDDLE_CHECK(timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0) << "no timer";
  return timer;
}

// Starts or stops the timer of this thread, which is kept: searches may be many and short. A child
// process does not inherit it.
void SetWatchdog(long tick_nanoseconds) {
  static thread_local timer_t timer{};
  static thread_local pid_t owner = 0;
  if (const pid_t process = getpid(); owner != process) {
    timer = CreateTimer();
    owner = process;
  }
  const timespec tick{.tv_sec = 0, .tv_nsec = tick_nanoseconds};
  const itimerspec times{.it_interval = tick, .it_value = tick};
  HEDDLE_CHECK(timer_settime(timer, 0, &times, nullptr) == 0) << "the timer does not start";
}

// Loads the unwinder, which a signal handler must not.
bool LoadUnwinder() {
  std::array<void*, 1> frames{};
  return backtrace(frames.data(), 1) != 0;
}

void Install(int signal, void (*handler)(int, siginfo_t*, void*), struct sigaction* previous) {
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  HEDDLE_CHECK(sigaction(signal, &action, previous) == 0) << "signal " << signal;
}

}  // namespace

FaultHandler::FaultHandler() {
  HEDDLE_CHECK(!is_installed) << "two fault handlers at once";
  is_installed = true;
  ReportStack();
  [[maybe_unused]] static const bool is_loaded = LoadUnwinder();
  const stack_t stack{.ss_sp = SignalStack(), .ss_flags = 0, .ss_size = kStackSize};
  HEDDLE_CHECK(sigaltstack(&stack, &previous_stack_) == 0) << "no stack for signal handlers";
  for (size_t i = 0; i < kSignals.size(); ++i) {
    Install(kSignals[i], OnFault, &previous_actions[i]);
  }
  Install(WatchdogSignal(), OnTick, &previous_actions.back());
  SetWatchdog(kTickNanoseconds);
}

FaultHandler::~FaultHandler() {
  SetWatchdog(0);
  for (size_t i = 0; i < kSignals.size(); ++i)
    sigaction(kSignals[i], &previous_actions[i], nullptr);
  sigaction(WatchdogSignal(), &previous_actions.back(), nullptr);
  sigaltstack(&previous_stack_, nullptr);
  is_installed = false;
}

}  // namespace heddle
