// A dense array on the host: what is fed to a model, what comes out, what a data file holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/element_type.hpp"

namespace octet::base {

// Row-major. `bytes` holds element_count(dims) * element_size(type) bytes in host order
// (little-endian machines only); for ElementType::string it is empty and `strings` holds the
// elements.
struct Tensor {
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> dims;
  std::vector<std::byte> bytes;
  std::vector<std::string> strings;

  template <typename T>
  [[nodiscard]] std::span<const T> as() const& {
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  template <typename T>
  [[nodiscard]] std::span<T> as() & {
    return {reinterpret_cast<T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  template <typename T>
  [[nodiscard]] std::span<const T> as() const&& = delete;
};

// What an output was that is no tensor (sequence, map, optional) and is laid out as one.
struct Nesting {
  std::string kind;               // "sequence of maps", "no value"; empty: a tensor
  std::vector<std::string> keys;  // of maps: a column of the last axis each
  std::string unread;             // why it could not be laid out; the tensor is then empty
};

struct NamedTensor {
  std::string name;
  Tensor tensor;
  Nesting nesting = {};
};

}  // namespace octet::base
