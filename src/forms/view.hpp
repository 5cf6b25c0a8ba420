// A dense tensor seen through Transposes and Reshapes without moving a byte.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "quant/encoding.hpp"

namespace octet::forms {

// Element (i0, i1, …) lies at i0·strides[0] + i1·strides[1] + … of the stored tensor, in elements.
// Every element of the tensor is seen once. The stride of an axis of length one is 0, so that equal
// views compare equal.
struct View {
  std::vector<std::int64_t> dims;
  std::vector<std::int64_t> strides;

  // The tensor as it lies.
  static View of(std::vector<std::int64_t> dims);

  [[nodiscard]] bool as_it_lies() const { return *this == of(dims); }
  [[nodiscard]] bool operator==(const View&) const = default;
};

// nullopt where the operator would refuse, or where no strides say what it does.
[[nodiscard]] std::optional<View> transposed(const View& view,
                                             const std::vector<std::int64_t>& perm);
[[nodiscard]] std::optional<View> reshaped(const View& view, std::vector<std::int64_t> dims);
// The first two axes swapped. The view has two.
[[nodiscard]] View turned(const View& view);

// Neighbouring axes that advance like one: so many elements, so far apart. nullopt when they do
// not.
struct Run {
  std::int64_t count = 1;
  std::int64_t stride = 0;
};
[[nodiscard]] std::optional<Run> run_of(const View& view, quant::Axes axes);

// The axes of `to` that hold the channels `axes` of `from`, two views of one tensor; nullopt when
// they are no neighbouring axes there.
[[nodiscard]] std::optional<quant::Axes> same_channels(const View& from, quant::Axes axes,
                                                       const View& to);

// How the tensor as it lies is had back from data in the order of `view`: a Transpose by `perm`
// (empty: none), then a Reshape to the tensor's own dims where the dims still differ.
struct Inverse {
  std::vector<std::int64_t> perm;
  std::vector<std::int64_t> dims;  // after the Transpose
};
[[nodiscard]] Inverse inverse(const View& view);

}  // namespace octet::forms
