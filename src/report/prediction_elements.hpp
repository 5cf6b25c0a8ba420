// The elements of a Prediction, checked and as text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "octet/predict.hpp"

namespace octet::report {

// Refers to `prediction`, which must outlive it. Throws Error{invalid_argument} when the data does
// not fill the shape or the type has no name here.
class PredictionElements {
 public:
  explicit PredictionElements(const octet::Prediction& prediction);
  explicit PredictionElements(octet::Prediction&&) = delete;

  [[nodiscard]] const std::string& name() const { return prediction_.name; }
  [[nodiscard]] const std::vector<std::int64_t>& dims() const { return prediction_.shape; }
  // Names of the last axis' columns, where there are.
  [[nodiscard]] bool has_keys() const { return !prediction_.keys.empty(); }
  [[nodiscard]] const std::vector<std::string>& keys() const { return prediction_.keys; }
  [[nodiscard]] base::ElementType type() const { return type_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t row_size() const { return row_size_; }
  [[nodiscard]] bool is_text() const { return type_ == base::ElementType::string; }
  [[nodiscard]] bool is_bool() const { return type_ == base::ElementType::boolean; }
  [[nodiscard]] const std::string& string_at(std::size_t i) const { return prediction_.strings[i]; }

  // Shortest text that reads back to the same value of this type; "nan", "inf", "-inf"; booleans
  // are 0 and 1. Not for strings.
  [[nodiscard]] std::string text_at(std::size_t i) const;

 private:
  const octet::Prediction& prediction_;
  base::ElementType type_ = base::ElementType::undefined;
  std::size_t size_ = 0, rows_ = 0, row_size_ = 0;
};

}  // namespace octet::report
