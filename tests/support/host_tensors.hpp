// Tensors on the host in one line.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/tensor.hpp"

namespace octet::test {

template <typename T>
base::Tensor numbers(std::vector<std::int64_t> dims, const std::vector<T>& values) {
  using base::ElementType;
  base::Tensor out;
  out.type = std::is_same_v<T, float>           ? ElementType::float32
             : std::is_same_v<T, double>        ? ElementType::float64
             : std::is_same_v<T, std::int64_t>  ? ElementType::int64
             : std::is_same_v<T, std::uint16_t> ? ElementType::uint16
                                                : ElementType::uint8;
  out.dims = std::move(dims);
  out.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(out.bytes.data(), values.data(), out.bytes.size());
  return out;
}

inline base::Tensor texts(std::vector<std::int64_t> dims, std::vector<std::string> values) {
  return {base::ElementType::string, std::move(dims), {}, std::move(values)};
}

}  // namespace octet::test
