// The full range against ONNX Runtime's quantize_dynamic, bit for bit. The goldens, what they hold
// and who made them: make.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "data/inputs.hpp"
#include "quant/channel_quantizer.hpp"
#include "quant/weights_test.hpp"

namespace octet {
namespace {

using quant::Granularity;
using quant::Quantized;

// A weight [rows, columns] and what quantize_dynamic makes of it.
struct Case {
  std::string name;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> weight;
  std::map<Granularity, Quantized> expected;
};

// Takes the next `count` elements of an array.
template <typename T>
class Cursor {
 public:
  explicit Cursor(const base::Tensor& tensor) : rest_(tensor.as<T>()) {}
  [[nodiscard]] std::vector<T> take(std::size_t count) {
    EXPECT_LE(count, rest_.size());
    const auto part = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(part.size());
    return {part.begin(), part.end()};
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::span<const T> rest_;
};

std::vector<Case> read_cases() {
  const auto file =
      std::filesystem::path(OCTET_SOURCE_DIR) / "tests/golden" / "quantize_dynamic.npz";
  std::map<std::string, base::Tensor> arrays;
  for (base::NamedTensor& array : data::read_arrays(file))
    arrays[array.name] = std::move(array.tensor);
  const auto shapes = arrays.at("shape").as<std::int64_t>();
  Cursor<float> weight(arrays.at("weight"));
  Cursor<std::byte> tensor_q(arrays.at("per_tensor_q"));
  Cursor<float> tensor_scale(arrays.at("per_tensor_scale"));
  Cursor<std::byte> channel_q(arrays.at("per_channel_q"));
  Cursor<float> channel_scale(arrays.at("per_channel_scale"));

  std::vector<Case> out;
  for (const std::string& name : arrays.at("case").strings) {
    const auto rows = static_cast<std::size_t>(shapes[out.size() * 2]);
    const auto columns = static_cast<std::size_t>(shapes[out.size() * 2 + 1]);
    const std::size_t count = rows * columns;
    out.push_back(
        {name,
         rows,
         columns,
         weight.take(count),
         {{Granularity::per_tensor, {tensor_q.take(count), tensor_scale.take(1)}},
          {Granularity::per_channel, {channel_q.take(count), channel_scale.take(columns)}}}});
  }
  EXPECT_TRUE(weight.empty() && tensor_q.empty() && channel_q.empty() && channel_scale.empty());
  return out;
}

// Stored bits, so that a NaN would equal itself and -0 would not be 0.
std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> out;
  for (const float value : values) out.push_back(std::bit_cast<std::uint32_t>(value));
  return out;
}

// Through the quantizer of Conv filters and the like; bytes in the layout of `in`.
Quantized quantize(const quant::ChannelView& in, const quant::Encoding& encoding) {
  const bool whole = encoding.granularity == Granularity::per_tensor;
  Quantized out{std::vector<std::byte>(in.outer * in.channels * in.inner),
                std::vector<float>(whole ? 1 : in.channels)};
  if (whole) out.scales[0] = quant::tensor_scale(in, encoding, 1);
  quant::quantize_channels(in, 0, in.channels, encoding, 1, out.bytes.data(), out.scales.data());
  return out;
}

// Channels on the last axis.
Quantized as_last_axis(const Case& one, const quant::Encoding& encoding) {
  return quantize(quant::ChannelView{one.weight.data(), one.rows, one.columns, 1}, encoding);
}

template <typename T>
std::vector<T> transposed(const std::vector<T>& in, std::size_t rows, std::size_t columns) {
  std::vector<T> out(in.size());
  for (std::size_t i = 0; i < in.size(); ++i) out[i % columns * rows + i / columns] = in[i];
  return out;
}

// Channels on the first axis.
Quantized as_filters(const Case& one, const quant::Encoding& encoding) {
  const auto weight = transposed(one.weight, one.rows, one.columns);
  auto out = quantize(quant::ChannelView{weight.data(), 1, one.columns, one.rows}, encoding);
  out.bytes = transposed(out.bytes, one.columns, one.rows);
  return out;
}

void expect_same(const Quantized& found, const Quantized& expected) {
  EXPECT_EQ(bits(found.scales), bits(expected.scales));
  EXPECT_EQ(found.numbers(), expected.numbers());
}

// `visit(case, encoding, expected)` for both granularities of every case but the one that
// overflows.
template <typename Visit>
void for_each(const Visit& visit) {
  const std::vector<Case> cases = read_cases();
  EXPECT_EQ(cases.size(), 17U);
  for (const Case& one : cases) {
    if (one.name == "overflow") continue;
    for (const auto& [granularity, expected] : one.expected) {
      SCOPED_TRACE(one.name +
                   (granularity == Granularity::per_tensor ? " per tensor" : " per channel"));
      visit(one, {.range = quant::Range::full, .granularity = granularity}, expected);
    }
  }
}

TEST(FullRange, HasTheBitsOfQuantizeDynamic) {
  for_each([](const Case& one, const quant::Encoding& encoding, const Quantized& expected) {
    expect_same(quant::quantize(quant::row_major(one.weight, one.columns), encoding), expected);
  });
}

TEST(FullRange, HasTheBitsOfQuantizeDynamicOnEveryAxis) {
  for_each([](const Case& one, const quant::Encoding& encoding, const Quantized& expected) {
    expect_same(as_last_axis(one, encoding), expected);
    expect_same(as_filters(one, encoding), expected);
  });
}

TEST(FullRange, StaysFiniteWhereQuantizeDynamicOverflows) {
  for (const Case& one : read_cases()) {
    if (one.name != "overflow") continue;
    for (const auto& [granularity, expected] : one.expected) {
      const auto found = quant::quantize(quant::row_major(one.weight, one.columns),
                                         {.range = quant::Range::full, .granularity = granularity});
      for (const float scale : expected.scales) EXPECT_TRUE(std::isinf(scale));
      for (const float scale : found.scales) EXPECT_TRUE(std::isnormal(scale));
      EXPECT_EQ(std::abs(found.numbers()[granularity == Granularity::per_tensor ? 1 : 0]), 127);
    }
  }
}

}  // namespace
}  // namespace octet
