// The outputs of several batches as if the model had seen all rows at once.
#pragma once

#include <cstddef>
#include <vector>

#include "base/tensor.hpp"

namespace octet::data {

// Joins along the first axis, output by output. Scalars of several batches become a vector. What
// was no tensor joins where keys and kind are the same in every batch; else it has
// base::Nesting::unread.
class Concatenation {
 public:
  // Throws Error{unsupported} when an output's other dimensions change from batch to batch.
  void add(std::vector<base::NamedTensor> outputs);
  [[nodiscard]] std::vector<base::NamedTensor> take() && { return std::move(joined_); }

 private:
  std::vector<base::NamedTensor> joined_;
  std::size_t batches_ = 0;
};

}  // namespace octet::data
