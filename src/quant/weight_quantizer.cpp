#include "quant/weight_quantizer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>

#include "octet/error.hpp"
#include "quant/column_measures.hpp"
#include "quant/pair_search.hpp"
#include "quant/plain_scale.hpp"

namespace octet::quant {

using kernels::panel_width;

namespace {

// Quantized panels on their way to the output, several side by side: a row of the output is then
// written in one go, not sixteen bytes at a time with the rest of it in between.
class PanelWriter {
 public:
  // `rows`: of the largest panel.
  PanelWriter(const ByteMatrix& out, std::size_t rows)
      : out_(out), stride_((rows + 1) * panel_width), bytes_(room_for(stride_) * stride_) {}
  PanelWriter(const PanelWriter&) = delete;
  PanelWriter& operator=(const PanelWriter&) = delete;

  // Room for a panel's bytes, panel_width a row. Panels come in the order of their columns.
  std::byte* room(const Panel& panel, std::size_t first_column, std::size_t columns) {
    const bool joins = count_ > 0 && count_ < room_for(stride_) && out_.column_stride == 1 &&
                       first_row_ == panel.first_row && rows_ == panel.rows &&
                       first_column == first_column_ + columns_ && columns_ % panel_width == 0;
    if (!joins) {
      flush();
      first_row_ = panel.first_row;
      rows_ = panel.rows;
      first_column_ = first_column;
    }
    columns_ += columns;
    ++count_;
    return bytes_.data() + (count_ - 1) * stride_;
  }

  void flush() {
    if (out_.column_stride == 1) {
      write_rows();
    } else {
      for (std::size_t p = 0; p < count_; ++p) write_columns(p);
    }
    count_ = columns_ = 0;
  }

 private:
  static std::size_t room_for(std::size_t stride) {
    constexpr std::size_t most_bytes = std::size_t{256} << 10U;
    return std::max<std::size_t>(1, most_bytes / stride);
  }

  void write_rows() const {
    const std::size_t whole = columns_ / panel_width;
    for (std::size_t r = 0; r < rows_; ++r) {
      const std::byte* from = bytes_.data() + r * panel_width;
      std::byte* to = out_.at(first_row_ + r, first_column_);
      for (std::size_t p = 0; p < whole; ++p, from += stride_, to += panel_width)
        std::memcpy(to, from, panel_width);
      if (whole < count_) std::memcpy(to, from, columns_ % panel_width);
    }
  }

  void write_columns(std::size_t p) const {
    constexpr std::size_t step = 64;
    const std::byte* packed = bytes_.data() + p * stride_;
    const std::size_t columns = std::min(panel_width, columns_ - p * panel_width);
    for (std::size_t done = 0; done < rows_; done += step) {
      const std::size_t end = std::min(rows_, done + step);
      for (std::size_t j = 0; j < columns; ++j) {
        for (std::size_t r = done; r < end; ++r) {
          *out_.at(first_row_ + r, first_column_ + p * panel_width + j) =
              packed[r * panel_width + j];
        }
      }
    }
  }

  ByteMatrix out_;
  std::size_t stride_;  // bytes of a panel
  Scratch<std::byte> bytes_;
  std::size_t count_ = 0;  // panels that wait
  std::size_t first_row_ = 0, rows_ = 0;
  std::size_t first_column_ = 0, columns_ = 0;
};

void write_panel(PanelReader& reader, const Lanes& scale, const Encoding& encoding,
                 PanelWriter& writer) {
  Lanes inverse;
  for (std::size_t j = 0; j < panel_width; ++j) inverse[j] = 1.0f / scale[j];
  const float limit = encoding.range == Range::reduced ? 64.0f : 127.0f;
  const int offset = encoding.kind == Kind::uint8 ? 128 : 0;
  reader.visit([&](const Panel& panel) {
    std::byte* const bytes = writer.room(panel, reader.first_column(), reader.columns());
    if (pairs(encoding)) {
      kernels::panel_quantize_pairs(panel.data, panel.padded_rows, inverse.data(), bytes);
    } else {
      kernels::panel_quantize(panel.data, panel.padded_rows, scale.data(), limit, offset, bytes);
    }
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
  PanelReader reader(in, multiplier, last);
  PanelWriter writer(out, std::min(in.rows, PanelReader::max_rows));
  for (std::size_t n = first; n < last; n += panel_width) {
    reader.select(n, std::min(panel_width, last - n));
    if (!per_tensor) {
      scale = column_scales(reader, encoding);
      std::memcpy(static_cast<void*>(scales + n), scale.data(), reader.columns() * sizeof(float));
    }
    write_panel(reader, scale, encoding, writer);
  }
  writer.flush();
}

}  // namespace octet::quant
