// A program's answers in double precision: the reference that exported models are proven against.
//
// It evaluates what the steps mean, plainly: trees are walked, categories looked up in their sets,
// neighbours sorted. It shares no code with the ONNX that is written.
//
// With noise, every number that a float32 model would round is moved by a random part of a rounding
// step. How far the answers move shows what float32 can know of them: a row that stands on a
// threshold, or a sum that cancels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "steps/precision.hpp"
#include "steps/program.hpp"

namespace octet::steps {

// Data column by column; NaN and the empty text are missing.
struct Rows {
  std::size_t count = 0;
  std::vector<std::vector<double>> numbers;     // by column; empty for a column of texts
  std::vector<std::vector<std::string>> texts;  // by column; empty for a column of numbers
};

// One value: `count` rows of `width` columns.
struct Table {
  std::size_t count = 0;
  std::size_t width = 0;
  std::vector<double> numbers;
  std::vector<std::string> texts;

  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return numbers[row * width + column];
  }
  double& at(std::size_t row, std::size_t column) { return numbers[row * width + column]; }
};

struct Noise {
  std::uint64_t seed = 0;
  double size = 0;  // relative; 0: none
};

// The program's outputs, in order. An output with labels is the index into them.
[[nodiscard]] std::vector<Table> predict(const Program& program, const Precisions& precisions,
                                         const Rows& rows, const Noise& noise = {});

}  // namespace octet::steps
