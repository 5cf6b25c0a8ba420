// An array whose rows are made when they are asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/tensor.hpp"

namespace octet::data {

// Either held in memory or left in its file, so that what is read at a time, not what there is,
// decides how much memory is taken. Rows count along the first dimension.
class Rows {
 public:
  // `count` rows from `first` on.
  using Read = std::function<base::Tensor(std::int64_t first, std::int64_t count)>;

  explicit Rows(base::Tensor tensor);
  // `dims` must not be empty.
  Rows(base::ElementType type, std::vector<std::int64_t> dims, Read read);

  [[nodiscard]] base::ElementType type() const { return type_; }
  [[nodiscard]] const std::vector<std::int64_t>& dims() const& { return dims_; }
  const std::vector<std::int64_t>& dims() const&& = delete;
  [[nodiscard]] bool in_memory() const { return held_ != nullptr; }

  // Throws what the reading throws: Error{io} when the file changed meanwhile.
  [[nodiscard]] base::Tensor some(std::int64_t first, std::int64_t count) const;
  [[nodiscard]] base::Tensor whole() const { return some(0, dims_.empty() ? 1 : dims_[0]); }
  // As whole(), without a copy where nobody else holds the array.
  [[nodiscard]] base::Tensor take() &&;

 private:
  base::ElementType type_;
  std::vector<std::int64_t> dims_;
  std::shared_ptr<base::Tensor> held_;  // never changed but by the one that takes it
  Read read_;                           // where nothing is held
};

struct NamedRows {
  std::string name;
  Rows rows;
};

}  // namespace octet::data
