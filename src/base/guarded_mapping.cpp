#include "base/guarded_mapping.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <utility>

namespace octet::base {

// Slots are never freed, only used again: the handler may be walking the list at any moment.
struct GuardedMapping::Slot {
  std::atomic<bool> taken{false};
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<int> protection{0};
  std::atomic<bool> broken{false};
  Slot* next = nullptr;
};

namespace {

using Slot = GuardedMapping::Slot;

std::atomic<Slot*> slots{nullptr};
std::uintptr_t page_size = 0;
struct sigaction previous {};

// Puts zeroes where the file ends now. Only calls that are safe in a handler.
bool replace_lost_pages(Slot& slot, std::uintptr_t address) {
  const std::uintptr_t end = slot.end;
  if (address < slot.begin || address >= end) return false;
  const std::uintptr_t page = address / page_size * page_size;
  const void* zeroes = ::mmap(reinterpret_cast<void*>(page), end - page, slot.protection,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (zeroes == MAP_FAILED) return false;
  slot.broken = true;
  return true;
}

void hand_on(int signal, siginfo_t* info, void* context) {
  if ((static_cast<unsigned>(previous.sa_flags) & static_cast<unsigned>(SA_SIGINFO)) != 0) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler == SIG_DFL || previous.sa_handler == SIG_IGN) {
    ::sigaction(signal, &previous, nullptr);  // and the access is tried again
  } else {
    previous.sa_handler(signal);
  }
}

void on_bus_error(int signal, siginfo_t* info, void* context) {
  const int saved = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  for (Slot* slot = slots; slot != nullptr; slot = slot->next) {
    if (!replace_lost_pages(*slot, address)) continue;
    errno = saved;
    return;
  }
  errno = saved;
  hand_on(signal, info, context);
}

void install_handler() {
  page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK);
  ::sigaction(SIGBUS, nullptr, &previous);  // known before the first signal can come
  ::sigaction(SIGBUS, &action, nullptr);
}

Slot* take_slot() {
  for (Slot* slot = slots; slot != nullptr; slot = slot->next) {
    if (!slot->taken.exchange(true)) return slot;
  }
  auto* slot = new Slot;  // NOLINT: lives as long as the process
  slot->taken = true;
  slot->next = slots;
  while (!slots.compare_exchange_weak(slot->next, slot)) {
  }
  return slot;
}

}  // namespace

GuardedMapping::GuardedMapping(std::size_t size, int protection, int flags, int fd) {
  static std::once_flag once;
  std::call_once(once, install_handler);
  Slot* slot = take_slot();
  void* data = ::mmap(nullptr, size, protection, flags, fd, 0);
  if (data == MAP_FAILED) {
    slot->taken = false;
    return;
  }
  data_ = static_cast<std::byte*>(data);
  size_ = size;
  slot_ = slot;
  const auto begin = reinterpret_cast<std::uintptr_t>(data);
  slot->broken = false;
  slot->protection = protection;
  slot->begin = begin;
  slot->end = (begin + size + page_size - 1) / page_size * page_size;
}

GuardedMapping::GuardedMapping(GuardedMapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      slot_(std::exchange(other.slot_, nullptr)) {}

GuardedMapping& GuardedMapping::operator=(GuardedMapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(slot_, other.slot_);
  return *this;
}

GuardedMapping::~GuardedMapping() {
  if (slot_ == nullptr) return;
  slot_->end = 0;  // before the addresses can become somebody else's
  ::munmap(data_, size_);
  slot_->taken = false;
}

bool GuardedMapping::broken() const {
  return slot_ != nullptr && slot_->broken;
}

}  // namespace octet::base
