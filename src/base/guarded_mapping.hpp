// Mapped memory whose loss is a flag instead of a signal.
#pragma once

#include <cstddef>

namespace octet::base {

// Owns a mapping of a file. When the file is cut short under it (or its disk fails) the kernel
// sends SIGBUS to whoever touches the missing page: then the rest of the mapping becomes zeroes,
// broken() becomes true, and the thread goes on. Whoever uses what was read must ask broken()
// afterwards. The first mapping installs the handler of SIGBUS, once for the process; it hands
// every other SIGBUS on to the handler that was there before. May be used from several threads.
class GuardedMapping {
 public:
  GuardedMapping() = default;
  // Takes what mmap(2) takes; `size` is not 0. On failure data() is nullptr and errno says why.
  GuardedMapping(std::size_t size, int protection, int flags, int fd);
  GuardedMapping(GuardedMapping&& other) noexcept;
  GuardedMapping& operator=(GuardedMapping&& other) noexcept;
  ~GuardedMapping();

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool broken() const;

  struct Slot;  // an entry of the table that the handler reads

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  Slot* slot_ = nullptr;
};

}  // namespace octet::base
