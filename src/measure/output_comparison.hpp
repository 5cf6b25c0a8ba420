// How far one output of a candidate is from the reference, over any number of batches. The formulas
// are in docs/numerics.md, "Parity".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "measure/output_sums.hpp"
#include "octet/parity.hpp"

namespace octet::measure {

// The rows of the data that a call was fed with; none: nobody knows.
struct FedRows {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

class OutputComparison {
 public:
  explicit OutputComparison(std::string name) { sums_.parity.name = std::move(name); }
  // Goes on where another left off.
  explicit OutputComparison(OutputSums sums) : sums_(std::move(sums)) {}

  // Adds a batch. A shape or type that differs is an answer, not an error: the output is then
  // infinitely far away and problem() says why. Floating types may differ in width.
  void add(const base::Tensor& reference, const base::Tensor& candidate, FedRows fed = {});

  // A batch in which the two are not of the same kind: infinitely far away, as with shapes.
  void differs(const base::Tensor& candidate, std::string problem);
  // Rows of the data went by, however their batch was compared.
  void count_fed(std::uint64_t rows) { sums_.fed_rows += rows; }
  // A batch that nobody can compare: OutputParity::not_compared, whatever the other batches give.
  void cannot_compare(std::string why);

  // Everything but `passed`, which judge() decides.
  [[nodiscard]] octet::OutputParity result() const;
  [[nodiscard]] const std::string& problem() const { return sums_.problem; }
  [[nodiscard]] const OutputSums& sums() const& { return sums_; }
  const OutputSums& sums() const&& = delete;

 private:
  void add_numbers(const base::Tensor& reference, const base::Tensor& candidate);
  void add_labels(const base::Tensor& reference, const base::Tensor& candidate);
  void add_argmax(const base::Tensor& reference, const base::Tensor& candidate);
  void begin(const base::Tensor& candidate);
  void note(double difference, std::uint64_t row, double reference, double candidate);

  [[nodiscard]] std::optional<double> clear_agreement(double rms) const;

  OutputSums sums_;
  FedRows fed_;  // of the batch that is being added, as the next
  std::uint64_t call_rows_ = 0;
};

}  // namespace octet::measure
