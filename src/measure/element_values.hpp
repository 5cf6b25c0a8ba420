// Elements of a tensor as doubles, whatever their type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/tensor.hpp"

namespace octet::measure {

// How an output is compared: by differences, by equality, or not at all (complex).
enum class Kind { floating, label, text, other };

[[nodiscard]] Kind kind_of(base::ElementType type);

// Exact for every type but 64-bit integers beyond 2^53, which round to nearest. `out` gets the
// elements from `begin` on, which must exist; the kind must be floating or label.
void to_doubles(const base::Tensor& tensor, std::size_t begin, std::span<double> out);

// Elements a tensor holds, by its data (not by its dims).
[[nodiscard]] std::size_t size_of(const base::Tensor& tensor);

}  // namespace octet::measure
