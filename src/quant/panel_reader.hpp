// Reads columns of a matrix as panels, whatever the strides.
//
// Every layout is copied into the same packed form first and only then computed on, so the result
// cannot depend on the layout, and a column that lies scattered over thousands of pages is fetched
// from memory once, not once per pass.
#pragma once

#include <array>
#include <cstddef>

#include "kernels/kernels.hpp"
#include "quant/matrix_view.hpp"
#include "quant/scratch.hpp"

namespace octet::quant {

using Lanes = std::array<float, kernels::panel_width>;
using WideLanes = std::array<double, kernels::panel_width>;

// A stretch of rows of the selected columns. Rows are padded to an even number, columns to
// panel_width, with zeros.
struct Panel {
  const float* data;
  std::size_t first_row;    // a multiple of kernels::block_rows
  std::size_t rows;         // of the matrix
  std::size_t padded_rows;  // rows, made even
};

// Scratch memory: 64 bytes per row and panel, at most 1 MiB; where a row's columns lie side by
// side, several panels are read ahead of being asked for, as far as half a MiB goes. Values are
// multiplied by `multiplier` in float32 and cleaned (kernels::quantize_span says how). Keeps a copy
// of the view; the weights must outlive the reader.
class PanelReader {
 public:
  static constexpr std::size_t max_rows = 16384;  // of one panel
  static_assert(max_rows % kernels::block_rows == 0 && kernels::block_rows % 2 == 0);

  // Columns from `end` on are not asked for.
  PanelReader(const MatrixView& matrix, float multiplier, std::size_t end);

  // Selects columns [first, first + count), count <= panel_width, inside the matrix.
  void select(std::size_t first, std::size_t count);

  // Calls visit(panel) for all rows in order. Columns of up to max_rows rows are packed once,
  // however often visited.
  template <typename Visit>
  void visit(Visit&& visit) {
    for (std::size_t row = 0; row < matrix_.rows; row += max_rows) visit(panel_at(row));
  }

  [[nodiscard]] std::size_t first_column() const { return first_column_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }

 private:
  [[nodiscard]] Panel panel_at(std::size_t first_row);
  [[nodiscard]] bool holds(std::size_t first_row) const;
  void pack(std::size_t first_row, std::size_t rows);
  void pack_one(std::size_t first_row, std::size_t rows);

  MatrixView matrix_;
  float multiplier_;
  std::size_t end_;
  std::size_t stride_;  // floats from one packed panel to the next
  std::size_t most_panels_;
  Scratch<float> scratch_;
  std::size_t first_column_ = 0;
  std::size_t columns_ = 0;
  // What is packed: panels of full width but for a lonely one, from packed_column_ on.
  std::size_t packed_row_ = 0;
  std::size_t packed_column_ = 0;
  std::size_t packed_panels_ = 0;
  std::size_t packed_width_ = 0;
};

}  // namespace octet::quant
