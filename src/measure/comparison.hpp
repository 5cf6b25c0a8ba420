// All outputs of a candidate against those of a reference, over any number of calls.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/tensor.hpp"
#include "measure/output_comparison.hpp"
#include "octet/parity.hpp"

namespace octet::measure {

class Comparison {
 public:
  // `label` names the candidate in messages.
  explicit Comparison(std::string label) : label_(std::move(label)) {}

  // The outputs of one call on the same feed, of `fed_rows` rows of the data (0: nobody knows),
  // matched by name; maps by their keys. Throws
  // Error{invalid_data} when the candidate lacks an output of the reference.
  void add(const std::vector<base::NamedTensor>& reference,
           const std::vector<base::NamedTensor>& candidate, std::uint64_t fed_rows = 0);

  // In the reference's order; everything but `passed`.
  [[nodiscard]] std::vector<octet::OutputParity> results() const;
  // The same before anything is rounded.
  [[nodiscard]] std::vector<OutputSums> sums() const;
  // What could not be compared and counts as infinitely far away: the output, and why.
  [[nodiscard]] std::vector<std::string> problems() const;
  // What could not be compared at all: the output, and why.
  [[nodiscard]] std::vector<std::string> not_compared() const;
  // The largest difference of a floating output.
  [[nodiscard]] double max_abs_diff() const;

 private:
  std::string label_;
  std::vector<OutputComparison> outputs_;
  std::uint64_t rows_ = 0;
};

// The output of this name. Throws Error{invalid_data} that begins with `label`.
[[nodiscard]] const base::NamedTensor& find_output(const std::vector<base::NamedTensor>& outputs,
                                                   std::string_view name, std::string_view label);

}  // namespace octet::measure
