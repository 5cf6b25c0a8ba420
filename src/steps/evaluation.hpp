// One step evaluated: what predictor.cpp goes through, and where its noise comes from.
#pragma once

#include <cstdint>
#include <vector>

#include "steps/predictor.hpp"

namespace octet::steps {

// Random parts of a rounding step, the same ones for the same seed.
class Jitter {
 public:
  Jitter(std::uint64_t seed, double size) : state_(seed * 0x9e3779b97f4a7c15U + 1), size_(size) {}
  // The number, moved a little.
  double operator()(double number) {
    if (size_ == 0) return number;
    state_ ^= state_ << 13U;
    state_ ^= state_ >> 7U;
    state_ ^= state_ << 17U;
    const double part = static_cast<double>(state_ >> 11U) * 0x1p-52 - 1;
    return number * (1 + size_ * part);
  }

 private:
  std::uint64_t state_;
  double size_;
};

struct Evaluation {
  const Step& step;
  const Rows& rows;
  std::vector<const Table*> inputs;
  Jitter& jitter;
  Table out;  // count and width are set; numbers are zero

  void operator()(const Input& op);
  void operator()(const TextInput& op);
  void operator()(const Constant& op);
  void operator()(const Columns& op);
  void operator()(const Concat& op);
  void operator()(const Apply& op);
  void operator()(const Combine& op);
  void operator()(const Compare& op);
  void operator()(const IsMissing& op);
  void operator()(const Choose& op);
  void operator()(const Product& op);
  void operator()(const Reduce& op);
  void operator()(const Softmax& op);
  void operator()(const Trees& op);
  void operator()(const Lookup& op);
  void operator()(const OneHot& op);
  void operator()(const Winner& op);
  void operator()(const TakeRows& op);
  void operator()(const Distances& op);
  void operator()(const Neighbours& op);
  void operator()(const SupportVectors& op);
  void operator()(const Interpolate& op);
  void operator()(const WeightedMedian& op);
  void operator()(const FillText& op);
  void operator()(const CountTerms& op);

 private:
  [[nodiscard]] std::vector<double> distances(const Matrix& points, Metric metric, std::size_t row);
};

}  // namespace octet::steps
