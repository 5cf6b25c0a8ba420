// Memory that a thread works in, kept from one piece of work to the next: a fresh half mebibyte
// costs as many page faults as the weights that go through it.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace octet::quant {

// `size` values of T, uninitialised; what a thread gives back its next one takes when it suffices.
template <typename T>
class Scratch {
 public:
  explicit Scratch(std::size_t size) : buffer_(std::exchange(kept(), {})) {
    if (buffer_.size < size) buffer_ = {std::make_unique_for_overwrite<T[]>(size), size};
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { kept() = std::move(buffer_); }

  [[nodiscard]] T* data() const { return buffer_.values.get(); }

 private:
  struct Buffer {
    std::unique_ptr<T[]> values;
    std::size_t size = 0;
  };
  static Buffer& kept() {
    thread_local Buffer buffer;
    return buffer;
  }
  Buffer buffer_;
};

}  // namespace octet::quant
