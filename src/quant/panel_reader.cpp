#include "quant/panel_reader.hpp"

#include <algorithm>
#include <cstring>

namespace octet::quant {

using kernels::panel_width;

PanelReader::PanelReader(const MatrixView& matrix, float multiplier)
    : matrix_(matrix),
      multiplier_(multiplier),
      scratch_((std::min(matrix.rows, max_rows) + 1) * panel_width) {}

void PanelReader::select(std::size_t first, std::size_t count) {
  first_column_ = first;
  columns_ = count;
  packed_ = false;
}

Panel PanelReader::panel_at(std::size_t first_row) {
  const std::size_t rows = std::min(max_rows, matrix_.rows - first_row);
  const std::size_t padded_rows = rows + rows % 2;
  if (!packed_ || packed_row_ != first_row) {
    pack(first_row, rows);
    std::fill_n(scratch_.data() + rows * panel_width, (padded_rows - rows) * panel_width, 0.0f);
    packed_row_ = first_row;
    packed_ = true;
  }
  return {scratch_.data(), first_row, rows, padded_rows};
}

void PanelReader::pack(std::size_t first_row, std::size_t rows) {
  const float* in = matrix_.at(first_row, first_column_);
  if (columns_ == panel_width && matrix_.column_stride == 1) {
    kernels::pack_rows(in, matrix_.row_stride, rows, multiplier_, scratch_.data());
    return;
  }
  // A few rows at a time, so that the scratch of one step stays in the first-level cache.
  constexpr std::size_t step = 64;
  for (std::size_t done = 0; done < rows; done += step) {
    const std::size_t count = std::min(step, rows - done);
    const float* from = matrix_.at(first_row + done, first_column_);
    float* to = scratch_.data() + done * panel_width;
    if (columns_ == panel_width && matrix_.row_stride == 1) {
      kernels::pack_columns(from, matrix_.column_stride, count, to);
    } else {
      std::fill_n(to, count * panel_width, 0.0f);
      for (std::size_t r = 0; r < count; ++r) {
        for (std::size_t j = 0; j < columns_; ++j) {
          const float* at = from + static_cast<std::ptrdiff_t>(r) * matrix_.row_stride +
                            static_cast<std::ptrdiff_t>(j) * matrix_.column_stride;
          std::memcpy(to + r * panel_width + j, static_cast<const void*>(at), sizeof(float));
        }
      }
    }
    kernels::pack_rows(to, panel_width, count, multiplier_, to);
  }
}

}  // namespace octet::quant
