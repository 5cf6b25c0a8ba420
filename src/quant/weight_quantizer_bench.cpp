// Gigabytes of float weights per second through quantize_columns, and the relative error it leaves.
// Each run checks its answer: no pair may be able to saturate, and the error must be near what the
// last report says.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "base/parallel.hpp"
#include "quant/error.hpp"
#include "quant/saturation.hpp"
#include "quant/weight_quantizer.hpp"

namespace octet::quant {
namespace {

constexpr std::size_t columns_per_task = 64;

std::vector<float> gaussian(std::size_t count) {
  std::mt19937 random(1);
  std::normal_distribution<float> gauss(0, 0.02f);
  std::vector<float> weights(count);
  for (float& weight : weights) weight = gauss(random);
  return weights;
}

// Arguments: rows, columns, range, transposed, threads.
void quantize(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto columns = static_cast<std::size_t>(state.range(1));
  const Encoding encoding{.range = static_cast<Range>(state.range(2))};
  const bool transposed = state.range(3) != 0;
  const auto threads = static_cast<unsigned>(state.range(4));
  const auto weights = gaussian(rows * columns);
  std::vector<std::byte> bytes(weights.size());
  std::vector<float> scales(columns);
  const auto row_stride = static_cast<std::ptrdiff_t>(transposed ? 1 : columns);
  const auto column_stride = static_cast<std::ptrdiff_t>(transposed ? rows : 1);
  const MatrixView in{weights.data(), rows, columns, row_stride, column_stride};
  const ByteMatrix out{bytes.data(), row_stride, column_stride};
  for (auto _ : state) {
    base::parallel_for((columns + columns_per_task - 1) / columns_per_task, threads,
                       [&](std::size_t task) {
                         const std::size_t first = task * columns_per_task;
                         quantize_columns(in, first, std::min(columns, first + columns_per_task),
                                          encoding, 1, out, scales.data());
                       });
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * weights.size() * 4));

  ColumnError all;
  for (std::size_t n = 0; n < columns; ++n) {
    const auto error = column_error(in, n, 1, out, encoding.kind, scales[n]);
    all.squared += error.squared;
    all.energy += error.energy;
  }
  const double relative = std::sqrt(all.squared / all.energy);
  state.counters["relative_error"] = relative;
  const bool saturates = can_saturate(reinterpret_cast<const std::int8_t*>(bytes.data()), rows,
                                      columns, row_stride, column_stride);
  if (relative > 0.03 || (encoding.range != Range::full && saturates)) {
    throw std::runtime_error("quantize_columns gave a wrong answer");
  }
}

BENCHMARK(quantize)
    ->ArgNames({"rows", "columns", "range", "transposed", "threads"})
    ->ArgsProduct({{768, 3072}, {768}, {0, 1}, {0, 1}, {1}})
    ->Args({10000, 10000, 1, 0, 2})
    ->Args({768, 130000, 1, 1, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace octet::quant
