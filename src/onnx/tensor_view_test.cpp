#include "onnx/tensor_view.hpp"

#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "octet/error.hpp"
#include "support/tensor_spec.hpp"

namespace octet::onnx {
namespace {

using base::ElementType;
using test::tensor;
using test::TensorSpec;

TensorView read(const std::string& text) {
  static const Origin origin{"m.onnx", nullptr};
  Origin here = origin;
  here.begin = reinterpret_cast<const std::byte*>(text.data());
  return read_tensor(std::as_bytes(std::span(text)), here);
}

std::string error_of(const std::string& text) {
  try {
    (void)read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_model);
    return error.what();
  }
  return "accepted";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TensorSpec matrix() {
  TensorSpec spec = tensor<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  spec.name = "W";
  return spec;
}

TEST(TensorView, ReadsRawData) {
  const std::string text = matrix().bytes();
  const TensorView view = read(text);
  EXPECT_EQ(view.name, "W");
  EXPECT_EQ(view.dims, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(view.elements, 6U);
  EXPECT_EQ(view.raw.size(), 24U);
  EXPECT_FALSE(view.external);
}

TEST(TensorView, ShowsOnePackedRunOfFloatDataAsRawBytes) {
  const std::string text = test::typed(matrix()).bytes();
  const std::string raw = matrix().bytes();
  const TensorView view = read(text);
  ASSERT_EQ(view.raw.size(), 24U);
  EXPECT_TRUE(std::equal(view.raw.begin(), view.raw.end(), read(raw).raw.begin()));
  EXPECT_TRUE(view.scattered_floats.empty());
}

TEST(TensorView, KeepsFloatDataOfSeveralFieldsInOrder) {
  std::string text;
  protozero::pbf_writer writer(text);
  writer.add_int64(1, 3);
  writer.add_int32(2, 1);
  for (const float x : {1.F, 2.F, 3.F}) writer.add_float(4, x);
  writer.add_string(8, "W");
  const TensorView view = read(text);
  ASSERT_EQ(view.scattered_floats.size(), 3U);
  for (const Bytes run : view.scattered_floats) EXPECT_EQ(run.size(), 4U);
}

TEST(TensorView, RefusesDataOfAnotherSizeThanItsShape) {
  TensorSpec spec = matrix();
  spec.dims = {2, 4};
  EXPECT_TRUE(
      has(error_of(spec.bytes()), "tensor \"W\" holds 24 bytes where its shape asks for 32"))
      << error_of(spec.bytes());
  EXPECT_TRUE(has(error_of(spec.bytes()), "TensorProto field 9"));
  EXPECT_TRUE(
      has(error_of(test::typed(spec).bytes()), "holds 6 floats where its shape asks for 8"));
  spec = matrix();
  spec.raw.pop_back();
  EXPECT_TRUE(has(error_of(spec.bytes()), "holds 23 bytes"));
}

TEST(TensorView, CountsInlinePackedElementsAsOnnxDoes) {
  TensorSpec spec{.type = ElementType::int4, .dims = {3, 3}, .raw = std::string(5, 'x')};
  const std::string text = spec.bytes();
  EXPECT_EQ(read(text).size_bytes(), 5U);
  spec.raw = std::string(9, 'x');
  EXPECT_TRUE(has(error_of(spec.bytes()), "holds 9 bytes where its shape asks for 5"));
  spec.type = static_cast<ElementType>(99);  // newer than Octet: nobody knows
  const std::string newer = spec.bytes();
  EXPECT_EQ(read(newer).size_bytes(), 9U);
}

TEST(TensorView, RefusesFloatTensorsWithoutData) {
  TensorSpec spec = matrix();
  spec.raw.clear();
  EXPECT_TRUE(has(error_of(spec.bytes()), "holds 0 bytes"));
  EXPECT_TRUE(has(error_of(test::typed(spec).bytes()), "holds 0 floats"));
}

TEST(TensorView, RefusesNegativeAndImpossibleShapes) {
  for (const auto& dims : std::vector<std::vector<std::int64_t>>{
           {-1}, {2, -3}, {INT64_MAX, 2}, {1LL << 31, 1LL << 31, 4}, {1LL << 61}}) {
    TensorSpec spec = matrix();
    spec.dims = dims;
    EXPECT_TRUE(has(error_of(spec.bytes()), "negative or impossible shape"));
  }
}

TEST(TensorView, RefusesShapesThatClaimMoreThanTheFileHolds) {
  TensorSpec spec = matrix();
  spec.dims = {1LL << 30, 1LL << 20};
  EXPECT_TRUE(has(error_of(spec.bytes()), "holds 24 bytes"));
}

TEST(TensorView, AcceptsScalarsAndTensorsWithoutElements) {
  const std::string scalar = tensor<float>({}, {3}).bytes();
  EXPECT_EQ(read(scalar).elements, 1U);
  const std::string nothing = tensor<float>({0, 5}, {}).bytes();
  EXPECT_EQ(read(nothing).elements, 0U);
}

TEST(TensorView, ReadsTheLocationOfExternalData) {
  const std::string text =
      test::external_tensor(ElementType::float32, {2, 3}, "w.data", 4096, 24).bytes();
  const TensorView view = read(text);
  ASSERT_TRUE(view.external);
  EXPECT_EQ(view.external->location, "w.data");
  EXPECT_EQ(view.external->offset, 4096U);
  EXPECT_EQ(view.external->length, 24U);
}

TEST(TensorView, RefusesExternalNumbersThatAreNone) {
  for (const char* number :
       {"-1", "1e3", "", " 5", "99999999999999999999", "9223372036854775808"}) {
    TensorSpec spec = matrix();
    spec.external = {{"location", "w"}, {"offset", number}};
    EXPECT_TRUE(has(error_of(spec.bytes()), "external data offset is not a whole number"))
        << number;
  }
}

TEST(TensorView, RefusesExternalDataWithoutALocation) {
  TensorSpec spec = matrix();
  spec.external = {{"offset", "0"}};
  EXPECT_TRUE(has(error_of(spec.bytes()), "without a location"));
}

TEST(TensorView, IgnoresExternalEntriesOfATensorThatIsInline) {
  std::string text = matrix().bytes();
  protozero::pbf_writer(text).add_message(13, test::detail::pair_bytes("location", "../x"));
  EXPECT_FALSE(read(text).external);
}

TEST(TensorView, RefusesSegments) {
  std::string text = matrix().bytes();
  protozero::pbf_writer(text).add_message(3, std::string());
  EXPECT_TRUE(has(error_of(text), "segmented"));
}

TEST(TensorView, NamesTheByteOfAFieldWithTheWrongWireType) {
  const std::string text("\x40\x01", 2);  // name as a varint
  EXPECT_TRUE(has(error_of(text), "m.onnx: byte 0: TensorProto field 8: wire type 0 where 2"));
}

}  // namespace
}  // namespace octet::onnx
