#include "data/tensor_proto.hpp"

#include <gtest/gtest.h>

#include "support/claims.hpp"
#include "support/tensor_spec.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using test::holds;
using test::says;
using test::tensor;
using test::typed;

std::string refusal(const std::string& message) {
  return test::refusal(ErrorCode::invalid_data,
                       [&] { (void)read_tensor_proto(message, "input_0.pb"); });
}

TEST(TensorProto, ReadsTypedDataLikeRawData) {
  const auto same = [](const test::TensorSpec& spec) {
    const auto raw = read_tensor_proto(spec.bytes(), "raw");
    const auto other = read_tensor_proto(typed(spec).bytes(), "typed");
    EXPECT_EQ(raw.tensor.type, spec.type);
    EXPECT_EQ(raw.tensor.dims, spec.dims);
    EXPECT_EQ(raw.tensor.bytes, other.tensor.bytes);
    EXPECT_EQ(raw.tensor.bytes.size(), spec.raw.size());
  };
  same(tensor<float>({2}, {1.5F, -2}));
  same(tensor<double>({2}, {1.5, -2}));
  same(tensor<std::int8_t>({2}, {1, -2}));
  same(tensor<std::uint8_t>({2}, {1, 255}));
  same(tensor<std::int16_t>({2}, {1, -2}));
  same(tensor<std::uint16_t>({2}, {1, 65535}));
  same(tensor<std::int32_t>({2}, {1, -2}));
  same(tensor<std::uint32_t>({2}, {1, 4000000000U}));
  same(tensor<std::int64_t>({2}, {1, -2}));
  same(tensor<std::uint64_t>({2}, {1, 2}));
  same(tensor<bool>({2}, {true, false}));
}

TEST(TensorProto, ReadsNameAndStrings) {
  auto spec = test::string_tensor({2}, {"a", "b"});
  spec.name = "text";
  const auto read = read_tensor_proto(spec.bytes(), "input_0.pb");
  EXPECT_EQ(read.name, "text");
  EXPECT_TRUE(holds(read.tensor.strings, {"a", "b"}));
}

TEST(TensorProto, RefusesDataThatDoNotFillTheShape) {
  auto spec = tensor<float>({2}, {1, 2});
  spec.dims = {3};
  EXPECT_TRUE(says(refusal(spec.bytes()), "holds 8 bytes where its shape asks for 12"));
  spec.dims = {-2};
  (void)refusal(spec.bytes());
  spec.dims = {std::int64_t{1} << 62, 1 << 10};
  (void)refusal(spec.bytes());
}

TEST(TensorProto, RefusesExternalDataAndUnknownTypes) {
  const auto external = test::external_tensor(ElementType::float32, {1}, "x.bin", 0, 4);
  EXPECT_TRUE(says(refusal(external.bytes()), "in another file"));
  auto spec = tensor<float>({1}, {1});
  spec.type = static_cast<ElementType>(99);
  EXPECT_TRUE(says(refusal(spec.bytes()), "element type 99"));
}

TEST(TensorProto, SurvivesEveryTruncationAndEveryChangedByte) {
  auto spec = typed(tensor<std::int64_t>({3}, {1, -1, 300}));
  spec.name = "x";
  const std::string whole = spec.bytes();
  const auto try_read = [](const std::string& message) {
    try {
      (void)read_tensor_proto(message, "input_0.pb");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_data);
    }
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    try_read(whole.substr(0, at));
    for (int value = 0; value < 256; ++value) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      try_read(changed);
    }
  }
}

}  // namespace
}  // namespace octet::data
