#include "quant/weight_quantizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "octet/error.hpp"
#include "quant/column_measures.hpp"
#include "quant/pair_search.hpp"
#include "quant/plain_scale.hpp"

namespace octet::quant {

using kernels::panel_width;

namespace {

// Copies packed bytes, panel_width a row, to where they belong.
void scatter(const std::byte* packed, std::size_t rows, std::size_t columns, const ByteMatrix& out,
             std::size_t first_row, std::size_t first_column) {
  std::byte* to = out.at(first_row, first_column);
  if (out.column_stride == 1) {
    for (std::size_t r = 0; r < rows; ++r, packed += panel_width, to += out.row_stride) {
      if (columns == panel_width) {
        std::memcpy(to, packed, panel_width);
      } else {
        std::memcpy(to, packed, columns);
      }
    }
    return;
  }
  constexpr std::size_t step = 64;
  for (std::size_t done = 0; done < rows; done += step) {
    const std::size_t end = std::min(rows, done + step);
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t r = done; r < end; ++r) {
        *out.at(first_row + r, first_column + j) = packed[r * panel_width + j];
      }
    }
  }
}

void write_panel(PanelReader& reader, const Lanes& scale, const Encoding& encoding,
                 const ByteMatrix& out, std::vector<std::byte>& packed) {
  Lanes inverse;
  for (std::size_t j = 0; j < panel_width; ++j) inverse[j] = 1.0f / scale[j];
  const float limit = encoding.range == Range::reduced ? 64.0f : 127.0f;
  const int offset = encoding.kind == Kind::uint8 ? 128 : 0;
  reader.visit([&](const Panel& panel) {
    packed.resize(std::max(packed.size(), panel.padded_rows * panel_width));
    if (pairs(encoding)) {
      kernels::panel_quantize_pairs(panel.data, panel.padded_rows, inverse.data(), packed.data());
    } else {
      kernels::panel_quantize(panel.data, panel.padded_rows, scale.data(), limit, offset,
                              packed.data());
    }
    scatter(packed.data(), panel.rows, reader.columns(), out, panel.first_row,
            reader.first_column());
  });
}

// Lanes search side by side, each for itself.
Lanes search_pair_scales(PanelReader& reader, const Lanes& plain) {
  const Lanes sums = column_max_pair_sum(reader, plain);
  std::array<PairSearch, panel_width> searches;
  bool needed = false;
  for (std::size_t j = 0; j < panel_width; ++j) {
    searches[j] = PairSearch(plain[j], sums[j]);
    needed = needed || searches[j].needed();
  }
  std::array<Lanes, PairSearch::max_candidates> scales;
  std::array<WideLanes, PairSearch::max_candidates> errors;
  for (std::size_t round = 0; needed && round < PairSearch::rounds; ++round) {
    const std::size_t count = PairSearch::candidates(round);
    for (std::size_t i = 0; i < count * panel_width; ++i) {
      const std::size_t lane = i % panel_width;
      scales[i / panel_width][lane] = searches[lane].candidate(round, i / panel_width);
    }
    column_pair_errors(reader, std::span(scales).first(count), std::span(errors).first(count));
    for (std::size_t j = 0; j < panel_width; ++j) {
      std::array<double, PairSearch::max_candidates> lane;
      for (std::size_t i = 0; i < count; ++i) lane[i] = errors[i][j];
      searches[j].judge(round, std::span(lane).first(count));
    }
  }
  Lanes result;
  for (std::size_t j = 0; j < panel_width; ++j) result[j] = searches[j].scale();
  return result;
}

Lanes column_scales(PanelReader& reader, const Encoding& encoding) {
  Lanes scale = column_max_abs(reader);
  for (float& lane : scale) lane = plain_scale(lane, encoding.range);
  return pairs(encoding) ? search_pair_scales(reader, scale) : scale;
}

float checked_tensor_scale(const float* scales) {
  float scale;
  std::memcpy(&scale, static_cast<const void*>(scales), sizeof scale);
  if (std::isnormal(scale) && scale > 0) return scale;
  throw Error(ErrorCode::invalid_argument,
              "quantize_columns: the scale of the tensor is not a positive normal float; take it "
              "from tensor_scale()");
}

}  // namespace

void quantize_columns(const MatrixView& in, std::size_t first, std::size_t last,
                      const Encoding& encoding, float multiplier, const ByteMatrix& out,
                      float* scales) {
  if (first > last || last > in.columns) {
    throw Error(ErrorCode::invalid_argument, "quantize_columns: columns outside the matrix");
  }
  const bool per_tensor = encoding.granularity == Granularity::per_tensor;
  Lanes scale;
  if (per_tensor) scale.fill(checked_tensor_scale(scales));
  PanelReader reader(in, multiplier);
  std::vector<std::byte> packed;
  for (std::size_t n = first; n < last; n += panel_width) {
    reader.select(n, std::min(panel_width, last - n));
    if (!per_tensor) {
      scale = column_scales(reader, encoding);
      std::memcpy(static_cast<void*>(scales + n), scale.data(), reader.columns() * sizeof(float));
    }
    write_panel(reader, scale, encoding, out, packed);
  }
}

}  // namespace octet::quant
