#include "forms/weight_fill.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

#include "quant/channel_quantizer.hpp"
#include "quant/float16.hpp"
#include "quant/weight_quantizer.hpp"

namespace octet::forms {
namespace {

// A shard's work is about this many weights: enough to forget what starting it costs.
constexpr std::size_t shard_weights = std::size_t{1} << 19U;

quant::Spec spec_of(const Storage& storage) {
  quant::Spec spec;
  spec.storage = storage.type == "uint8" ? quant::Storage::uint8 : quant::Storage::int8;
  spec.range = storage.range == "pair"      ? quant::Range::pair
               : storage.range == "reduced" ? quant::Range::reduced
                                            : quant::Range::full;
  spec.granularity =
      storage.per_tensor ? quant::Granularity::per_tensor : quant::Granularity::per_channel;
  return spec;
}

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

// A two-axis weight as the matrix an operator multiplies: K rows, N columns, pairs along K.
struct MatrixJob {
  quant::MatrixView in;
  std::ptrdiff_t out_row_stride = 0;
  std::ptrdiff_t out_column_stride = 0;
};

MatrixJob matrix_job(const onnx::TensorView& tensor, const Storage& storage, const float* data) {
  const auto d0 = static_cast<std::size_t>(tensor.dims[0]);
  const auto d1 = static_cast<std::size_t>(tensor.dims[1]);
  MatrixJob job;
  if (storage.axis == 1) {
    job.in = {data, d0, d1, static_cast<std::ptrdiff_t>(d1), 1};
  } else {
    job.in = {data, d1, d0, 1, static_cast<std::ptrdiff_t>(d1)};
  }
  job.out_row_stride = job.in.row_stride;
  job.out_column_stride = job.in.column_stride;
  if (storage.transposed) {
    // The stored tensor has the axes swapped: its rows are as long as the other axis.
    const auto columns = static_cast<std::ptrdiff_t>(job.in.columns);
    const auto rows = static_cast<std::ptrdiff_t>(job.in.rows);
    job.out_row_stride = storage.axis == 1 ? 1 : columns;
    job.out_column_stride = storage.axis == 1 ? rows : 1;
  }
  return job;
}

// The scale of the whole tensor, computed by whichever shard comes first.
struct SharedScale {
  std::once_flag once;
  float value = 1;
};

}  // namespace

graph::Fill quantized_fill(const graph::Graph& graph, const graph::Constant& constant,
                           const Storage& storage, graph::TensorIndex data,
                           graph::TensorIndex scale) {
  const onnx::TensorView& tensor = constant.tensor;
  const onnx::Bytes elements = graph.elements(constant);
  const auto* values = reinterpret_cast<const float*>(elements.data());
  const quant::Spec spec = spec_of(storage);
  const bool matrix = tensor.dims.size() == 2;
  const std::size_t channels = product(tensor.dims, storage.axis, storage.axis_end);
  const Cut cuts = cut(channels, tensor.elements, tensor.elements == 0);

  graph::Fill fill;
  fill.tensors = {data, scale};
  fill.source = elements;
  fill.shards = cuts.shards;
  // Channels that come first lie one after the other.
  if (storage.axis == 0 && !storage.per_tensor && channels != 0) {
    fill.source_piece = cuts.per_shard * (elements.size() / channels);
  }
  auto shared = std::make_shared<SharedScale>();
  const quant::ChannelView view{values, product(tensor.dims, 0, storage.axis), channels,
                                product(tensor.dims, storage.axis_end, tensor.dims.size())};
  const MatrixJob job = matrix ? matrix_job(tensor, storage, values) : MatrixJob{};
  fill.run = [=](std::size_t shard, std::span<const std::span<std::byte>> out) {
    const std::size_t first = shard * cuts.per_shard;
    const std::size_t last = std::min(channels, first + cuts.per_shard);
    auto* scales = reinterpret_cast<float*>(out[1].data());
    if (storage.per_tensor) {
      std::call_once(shared->once, [&] {
        shared->value = matrix ? quant::tensor_scale(job.in, spec, storage.multiplier)
                               : quant::tensor_scale(view, spec, storage.multiplier);
      });
      if (shard == 0) std::memcpy(out[1].data(), &shared->value, sizeof shared->value);
      scales = &shared->value;
    }
    if (matrix) {
      const quant::ByteMatrix bytes{out[0].data(), job.out_row_stride, job.out_column_stride};
      quant::quantize_columns(job.in, first, last, spec, storage.multiplier, bytes, scales);
    } else {
      quant::quantize_channels(view, first, last, spec, storage.multiplier, out[0].data(), scales);
    }
  };
  return fill;
}

graph::Fill float16_fill(const graph::Graph& graph, const graph::Constant& constant,
                         graph::TensorIndex data) {
  const onnx::Bytes elements = graph.elements(constant);
  const std::size_t count = elements.size() / 4;
  graph::Fill fill;
  fill.tensors = {data};
  fill.source = elements;
  fill.shards = std::max<std::size_t>(1, (count + shard_weights - 1) / shard_weights);
  fill.source_piece = 4 * shard_weights;
  fill.run = [elements, count](std::size_t shard, std::span<const std::span<std::byte>> out) {
    const std::size_t first = shard * shard_weights;
    const std::size_t size = std::min(shard_weights, count - first);
    const std::span<const float> values(reinterpret_cast<const float*>(elements.data()) + first,
                                        size);
    (void)quant::to_float16(values, out[0].data() + 2 * first);  // the form has checked the range
  };
  return fill;
}

}  // namespace octet::forms
