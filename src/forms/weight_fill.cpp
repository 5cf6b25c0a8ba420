#include "forms/weight_fill.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>

#include "forms/weight_floats.hpp"
#include "quant/channel_quantizer.hpp"
#include "quant/float16.hpp"
#include "quant/weight_quantizer.hpp"

namespace octet::forms {
namespace {

// A shard's work is about this many weights: enough to forget what starting it costs.
constexpr std::size_t shard_weights = std::size_t{1} << 19U;

std::size_t product(const std::vector<std::int64_t>& dims, std::size_t first, std::size_t last) {
  std::size_t n = 1;
  for (std::size_t i = first; i < last; ++i) n *= static_cast<std::size_t>(dims[i]);
  return n;
}

// How the weight is cut: by channels, in whole multiples of 16 (the kernels' panel).
struct Cut {
  std::size_t channels = 1;
  std::size_t per_shard = 1;
  std::size_t shards = 1;
};

Cut cut(std::size_t channels, std::size_t elements, bool whole) {
  Cut out;
  out.channels = channels;
  out.per_shard = channels;
  if (!whole && channels != 0 && elements > shard_weights) {
    const std::size_t wanted =
        std::max<std::size_t>(1, shard_weights / std::max<std::size_t>(1, elements / channels));
    out.per_shard = (wanted + 15) / 16 * 16;
  }
  out.shards = out.channels == 0 ? 1 : (out.channels + out.per_shard - 1) / out.per_shard;
  return out;
}

// A weight as the matrix an operator multiplies: K rows, N columns (its channels), pairs along K.
// `in.data` is for the shard to fill in.
struct MatrixJob {
  quant::MatrixView in;
  std::ptrdiff_t out_row_stride = 0;
  std::ptrdiff_t out_column_stride = 0;
};

// nullopt when rows lie on both sides of the channels (ConvTranspose) and are no matrix.
std::optional<MatrixJob> matrix_job(const StoredAs& how) {
  const std::size_t rank = how.view.dims.size();
  const bool rows_first = product(how.view.dims, 0, how.axes.first) != 1;
  const quant::Axes rows =
      rows_first ? quant::Axes{0, how.axes.first} : quant::Axes{how.axes.last, rank};
  if (rows_first && product(how.view.dims, how.axes.last, rank) != 1) return std::nullopt;
  const View out = View::of(how.view.dims);
  const auto in_rows = run_of(how.view, rows);
  const auto in_columns = run_of(how.view, how.axes);
  const auto out_rows = run_of(out, rows);
  const auto out_columns = run_of(out, how.axes);
  if (!in_rows || !in_columns || !out_rows || !out_columns) return std::nullopt;
  MatrixJob job;
  job.in = {nullptr, static_cast<std::size_t>(in_rows->count),
            static_cast<std::size_t>(in_columns->count), in_rows->stride, in_columns->stride};
  job.out_row_stride = out_rows->stride;
  job.out_column_stride = out_columns->stride;
  return job;
}

// A weight whose rows do not advance like one (a convolution's, tap by tap): each shard lays its
// columns out first, one behind the other.
struct SpreadRows {
  std::vector<std::ptrdiff_t> offsets;  // of every row
  Run columns;

  [[nodiscard]] std::vector<float> laid_out(const float* data, std::size_t first,
                                            std::size_t last) const {
    std::vector<float> out((last - first) * offsets.size());
    float* to = out.data();
    for (std::size_t n = first; n < last; ++n) {
      const float* column = data + static_cast<std::ptrdiff_t>(n) * columns.stride;
      for (const std::ptrdiff_t offset : offsets) std::memcpy(to++, column + offset, sizeof *to);
    }
    return out;
  }
  [[nodiscard]] quant::MatrixView as_matrix(const std::vector<float>& laid_out,
                                            std::size_t count) const {
    return {laid_out.data(), offsets.size(), count, 1, static_cast<std::ptrdiff_t>(offsets.size())};
  }
};

SpreadRows spread_rows(const StoredAs& how) {
  SpreadRows out;
  out.columns = *run_of(how.view, how.axes);
  out.offsets = {0};
  for (std::size_t a = 0; a < how.axes.first; ++a) {
    std::vector<std::ptrdiff_t> next;
    for (const std::ptrdiff_t offset : out.offsets) {
      for (std::int64_t i = 0; i < how.view.dims[a]; ++i)
        next.push_back(offset + i * how.view.strides[a]);
    }
    out.offsets = std::move(next);
  }
  return out;
}

// The scale of the whole tensor, computed by whichever shard comes first.
struct SharedScale {
  std::once_flag once;
  float value = 1;
};

graph::Fill matrix_fill(const graph::Constant& constant, onnx::Bytes elements, const StoredAs& how,
                        std::vector<graph::TensorIndex> tensors) {
  const auto spread = std::make_shared<const SpreadRows>(spread_rows(how));
  const quant::Encoding encoding = how.encoding;
  const float multiplier = how.multiplier;
  const auto channels = static_cast<std::size_t>(spread->columns.count);
  const Cut cuts = cut(channels, constant.tensor.elements, false);
  auto shared = std::make_shared<SharedScale>();
  auto floats = std::make_shared<WeightFloats>(constant.tensor.type, elements, cuts.shards);
  graph::Fill fill;
  fill.tensors = std::move(tensors);
  fill.source = elements;
  fill.shards = cuts.shards;
  fill.run = [=](std::size_t shard, std::span<const std::span<std::byte>> out) {
    const float* data = floats->get();
    const std::size_t first = shard * cuts.per_shard;
    const std::size_t last = std::min(channels, first + cuts.per_shard);
    auto* scales = reinterpret_cast<float*>(out[1].data()) + first;
    if (encoding.granularity == quant::Granularity::per_tensor) {
      std::call_once(shared->once, [&] {
        const std::vector<float> whole = spread->laid_out(data, 0, channels);
        shared->value =
            quant::tensor_scale(spread->as_matrix(whole, channels), encoding, multiplier);
      });
      if (shard == 0) std::memcpy(out[1].data(), &shared->value, sizeof shared->value);
      scales = &shared->value;
    }
    const std::vector<float> values = spread->laid_out(data, first, last);
    const quant::ByteMatrix bytes{out[0].data() + first, static_cast<std::ptrdiff_t>(channels), 1};
    quant::quantize_columns(spread->as_matrix(values, last - first), 0, last - first, encoding,
                            multiplier, bytes, scales);
    floats->done();
  };
  return fill;
}

// Matrices of one shape behind one another, each quantized for itself: the shards of the first,
// then those of the next.
graph::Fill stack_fill(const graph::Constant& constant, onnx::Bytes elements, const StoredAs& how,
                       std::vector<graph::TensorIndex> tensors) {
  const auto matrices = static_cast<std::size_t>(how.view.dims[0]);
  const std::ptrdiff_t distance = how.view.strides[0];
  StoredAs one = how;
  one.view.dims.erase(one.view.dims.begin());
  one.view.strides.erase(one.view.strides.begin());
  one.axes = {how.axes.first - 1, how.axes.last - 1};
  const MatrixJob job = *matrix_job(one);
  const std::size_t channels = job.in.columns;
  const quant::Encoding encoding = how.encoding;
  const float multiplier = how.multiplier;
  const Cut cuts = cut(channels, constant.tensor.elements / matrices, false);
  auto shared = std::make_shared<std::vector<SharedScale>>(matrices);
  auto floats =
      std::make_shared<WeightFloats>(constant.tensor.type, elements, matrices * cuts.shards);
  graph::Fill fill;
  fill.tensors = std::move(tensors);
  fill.source = elements;
  fill.shards = matrices * cuts.shards;
  fill.run = [=](std::size_t shard, std::span<const std::span<std::byte>> out) {
    const std::size_t matrix = shard / cuts.shards;
    const std::size_t first = shard % cuts.shards * cuts.per_shard;
    const std::size_t last = std::min(channels, first + cuts.per_shard);
    quant::MatrixView in = job.in;
    in.data = floats->get() + static_cast<std::ptrdiff_t>(matrix) * distance;
    auto* scales = reinterpret_cast<float*>(out[1].data());
    if (encoding.granularity == quant::Granularity::per_tensor) {
      SharedScale& scale = shared->at(matrix);
      std::call_once(scale.once,
                     [&] { scale.value = quant::tensor_scale(in, encoding, multiplier); });
      if (first == 0) std::memcpy(scales + matrix, &scale.value, sizeof scale.value);
      scales = &scale.value;
    } else {
      scales += matrix * channels;
    }
    const quant::ByteMatrix bytes{out[0].data() + matrix * in.rows * channels, job.out_row_stride,
                                  job.out_column_stride};
    quant::quantize_columns(in, first, last, encoding, multiplier, bytes, scales);
    floats->done();
  };
  return fill;
}

}  // namespace

graph::Fill quantized_fill(const graph::Graph& graph, const graph::Constant& constant,
                           const StoredAs& how, graph::TensorIndex data, graph::TensorIndex scale) {
  const onnx::Bytes elements = graph.elements(constant);
  if (how.axes.stacked) return stack_fill(constant, elements, how, {data, scale});
  if (how.as_matrix) return matrix_fill(constant, elements, how, {data, scale});
  const std::vector<std::int64_t>& dims = how.view.dims;
  const quant::Encoding encoding = how.encoding;
  const bool per_tensor = encoding.granularity == quant::Granularity::per_tensor;
  const float multiplier = how.multiplier;
  const std::size_t channels = product(dims, how.axes.first, how.axes.last);
  const Cut cuts = cut(channels, constant.tensor.elements, constant.tensor.elements == 0);
  const std::optional<MatrixJob> job = matrix_job(how);

  graph::Fill fill;
  fill.tensors = {data, scale};
  fill.source = elements;
  fill.shards = cuts.shards;
  // Channels that lie one after the other in the file.
  if (job && !per_tensor && channels != 0 &&
      job->in.column_stride == static_cast<std::ptrdiff_t>(job->in.rows)) {
    fill.source_piece = cuts.per_shard * (elements.size() / channels);
  }
  auto shared = std::make_shared<SharedScale>();
  auto floats = std::make_shared<WeightFloats>(constant.tensor.type, elements, cuts.shards);
  const quant::ChannelView lies{nullptr, product(dims, 0, how.axes.first), channels,
                                product(dims, how.axes.last, dims.size())};
  fill.run = [=](std::size_t shard, std::span<const std::span<std::byte>> out) {
    const std::size_t first = shard * cuts.per_shard;
    const std::size_t last = std::min(channels, first + cuts.per_shard);
    auto* scales = reinterpret_cast<float*>(out[1].data());
    quant::ChannelView view = lies;
    view.data = floats->get();
    quant::MatrixView matrix = job ? job->in : quant::MatrixView{};
    matrix.data = view.data;
    if (per_tensor) {
      std::call_once(shared->once, [&] {
        shared->value = job ? quant::tensor_scale(matrix, encoding, multiplier)
                            : quant::tensor_scale(view, encoding, multiplier);
      });
      if (shard == 0) std::memcpy(out[1].data(), &shared->value, sizeof shared->value);
      scales = &shared->value;
    }
    if (job) {
      const quant::ByteMatrix bytes{out[0].data(), job->out_row_stride, job->out_column_stride};
      quant::quantize_columns(matrix, first, last, encoding, multiplier, bytes, scales);
    } else {
      quant::quantize_channels(view, first, last, encoding, multiplier, out[0].data(), scales);
    }
    floats->done();
  };
  return fill;
}

graph::Fill float16_fill(const graph::Graph& graph, const graph::Constant& constant,
                         graph::TensorIndex data) {
  const onnx::Bytes elements = graph.elements(constant);
  const base::ElementType type = constant.tensor.type;
  const std::size_t size = base::element_size(type);
  const std::size_t count = elements.size() / size;
  graph::Fill fill;
  fill.tensors = {data};
  fill.source = elements;
  fill.shards = std::max<std::size_t>(1, (count + shard_weights - 1) / shard_weights);
  fill.source_piece = size * shard_weights;
  fill.run = [elements, count, type, size](std::size_t shard,
                                           std::span<const std::span<std::byte>> out) {
    const std::size_t first = shard * shard_weights;
    const std::size_t number = std::min(shard_weights, count - first);
    const std::byte* from = elements.data() + size * first;
    std::vector<float> converted;
    if (type != base::ElementType::float32) {
      converted.resize(number);
      to_floats(type, from, number, converted.data());
      from = reinterpret_cast<const std::byte*>(converted.data());
    }
    const std::span<const float> values(reinterpret_cast<const float*>(from), number);
    (void)quant::to_float16(values, out[0].data() + 2 * first);  // the form has checked the range
  };
  return fill;
}

}  // namespace octet::forms
