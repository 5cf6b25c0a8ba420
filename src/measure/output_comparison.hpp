// How far one output of a candidate is from the reference, over any number of batches. The formulas
// are in docs/numerics.md, "Parity".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/tensor.hpp"
#include "octet/parity.hpp"

namespace octet::measure {

// The rows of the data that a call was fed with; none: nobody knows.
struct FedRows {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

class OutputComparison {
 public:
  explicit OutputComparison(std::string name) { parity_.name = std::move(name); }

  // Adds a batch. A shape or type that differs is an answer, not an error: the output is then
  // infinitely far away and problem() says why. Floating types may differ in width.
  void add(const base::Tensor& reference, const base::Tensor& candidate, FedRows fed = {});

  // A batch in which the two are not of the same kind: infinitely far away, as with shapes.
  void differs(const base::Tensor& candidate, std::string problem);
  // A batch that nobody can compare: OutputParity::not_compared, whatever the other batches give.
  void cannot_compare(std::string why);

  // Everything but `passed`, which judge() decides.
  [[nodiscard]] octet::OutputParity result() const;
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void add_numbers(const base::Tensor& reference, const base::Tensor& candidate);
  void add_labels(const base::Tensor& reference, const base::Tensor& candidate);
  void add_argmax(const base::Tensor& reference, const base::Tensor& candidate);
  void begin(const base::Tensor& candidate);
  void note(double difference, std::uint64_t row, double reference, double candidate);

  struct Agreement {
    std::uint64_t agreeing = 0, judged = 0;
  };
  [[nodiscard]] std::optional<double> clear_agreement(double rms) const;

  octet::OutputParity parity_;
  std::string problem_;
  bool labels_ = false;
  bool noted_ = false;
  FedRows fed_;  // of the batch that is being added, as the next two
  std::uint64_t call_ = 0;
  std::uint64_t call_rows_ = 0;
  std::uint64_t rows_ = 0;
  double sum_abs_ = 0, sum_square_ = 0;
  double dot_ = 0, reference_square_ = 0, candidate_square_ = 0;
  double reference_max_ = 0;
  std::uint64_t finite_ = 0;
  std::uint64_t agreeing_ = 0, judged_ = 0;
  std::uint64_t among_five_ = 0, of_ten_ = 0;  // vectors at least ten long
  std::map<int, Agreement> clear_;  // vectors with a clear argmax, by the exponent of their spread
};

}  // namespace octet::measure
