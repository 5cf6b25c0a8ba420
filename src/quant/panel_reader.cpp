#include "quant/panel_reader.hpp"

#include <algorithm>
#include <cstring>

namespace octet::quant {

using kernels::panel_width;

namespace {

std::size_t panels_ahead(const MatrixView& matrix, std::size_t panel_floats) {
  constexpr std::size_t most = 8;
  constexpr std::size_t most_floats = (std::size_t{512} << 10U) / sizeof(float);
  if (matrix.column_stride != 1) return 1;
  return std::min(std::clamp<std::size_t>(most_floats / panel_floats, 1, most),
                  matrix.columns / panel_width + 1);
}

}  // namespace

PanelReader::PanelReader(const MatrixView& matrix, float multiplier, std::size_t end)
    : matrix_(matrix),
      multiplier_(multiplier),
      end_(end),
      stride_((std::min(matrix.rows, max_rows) + 1) * panel_width),
      most_panels_(panels_ahead(matrix, stride_)),
      scratch_(most_panels_ * stride_) {}

void PanelReader::select(std::size_t first, std::size_t count) {
  first_column_ = first;
  columns_ = count;
}

bool PanelReader::holds(std::size_t first_row) const {
  const std::size_t offset = first_column_ - packed_column_;
  return packed_row_ == first_row && packed_width_ == columns_ && first_column_ >= packed_column_ &&
         offset % panel_width == 0 && offset / panel_width < packed_panels_;
}

Panel PanelReader::panel_at(std::size_t first_row) {
  const std::size_t rows = std::min(max_rows, matrix_.rows - first_row);
  const std::size_t padded_rows = rows + rows % 2;
  if (!holds(first_row)) {
    pack(first_row, rows);
    for (std::size_t p = 0; p < packed_panels_; ++p) {
      std::fill_n(scratch_.data() + p * stride_ + rows * panel_width,
                  (padded_rows - rows) * panel_width, 0.0f);
    }
  }
  const std::size_t at = (first_column_ - packed_column_) / panel_width;
  return {scratch_.data() + at * stride_, first_row, rows, padded_rows};
}

void PanelReader::pack(std::size_t first_row, std::size_t rows) {
  packed_row_ = first_row;
  packed_column_ = first_column_;
  packed_panels_ = 1;
  packed_width_ = columns_;
  if (columns_ != panel_width || matrix_.column_stride != 1) return pack_one(first_row, rows);
  packed_panels_ =
      std::min(most_panels_, std::max<std::size_t>(1, (end_ - first_column_) / panel_width));
  kernels::pack_rows(matrix_.at(first_row, first_column_), matrix_.row_stride, rows, multiplier_,
                     scratch_.data(), {packed_panels_, stride_});
}

void PanelReader::pack_one(std::size_t first_row, std::size_t rows) {
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
