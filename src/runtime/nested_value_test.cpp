// Sequences, maps and optionals that ONNX Runtime gives, as tensors.
#include "runtime/nested_value.hpp"

#include <gtest/gtest.h>

#include "octet/error.hpp"
#include "runtime/session.hpp"
#include "support/claims.hpp"
#include "support/host_tensors.hpp"
#include "support/model_builder.hpp"
#include "support/places.hpp"

namespace octet::runtime {
namespace {

using base::ElementType;
using base::NamedTensor;
using test::attr;
using test::holds;
using test::ModelBuilder;
using test::numbers;
using test::says;
using Names = std::vector<std::string>;

class NestedValue : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::ort_library();
    if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
    library_ = load_library({.library = path, .environment_library = {}, .fallbacks = {}});
  }
  // The first output of the model, fed with x.
  [[nodiscard]] NamedTensor output(const ModelBuilder& model, base::Tensor x) const {
    const Session session = Session::from_bytes(library_, model.bytes(), {});
    const std::vector<NamedTensor> feed = {{"x", std::move(x)}};
    session.bind(feed).run();
    return session.run(feed).at(0);
  }
  std::shared_ptr<const Library> library_;
};

ModelBuilder zipmap(ElementType key, const test::Attribute& classes) {
  return ModelBuilder()
      .opset(1, "ai.onnx.ml")
      .input("x", ElementType::float32, {"n", 3})
      .node("ZipMap", {"x"}, {"y"}, {classes}, "", "ai.onnx.ml")
      .map_sequence_output("y", key, ElementType::float32);
}

TEST_F(NestedValue, OfZipMapIsARowForEachMapAndAColumnForEachKey) {
  const auto x = numbers<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto named =
      output(zipmap(ElementType::string, attr("classlabels_strings", Names{"b", "c", "a"})), x);
  EXPECT_EQ(named.nesting.kind, "sequence of maps");
  EXPECT_EQ(named.nesting.keys, (Names{"a", "b", "c"}));
  EXPECT_TRUE(holds(named.tensor.dims, {2, 3}));
  EXPECT_TRUE(holds(named.tensor.as<float>(), {3, 1, 2, 6, 4, 5}));
  const auto numbered =
      output(zipmap(ElementType::int64, attr("classlabels_int64s", {-1, 7, 10})), x);
  EXPECT_EQ(numbered.nesting.keys, (Names{"-1", "7", "10"}));
  EXPECT_TRUE(holds(numbered.tensor.as<float>(), {1, 2, 3, 4, 5, 6}));
}

TEST_F(NestedValue, OfZipMapOnNoRowsHasNoElements) {
  const auto none = output(zipmap(ElementType::int64, attr("classlabels_int64s", {0, 1, 2})),
                           numbers<float>({0, 3}, {}));
  EXPECT_EQ(none.nesting.unread, "");
  EXPECT_TRUE(holds(none.tensor.dims, {0}));
}

TEST_F(NestedValue, OfASequenceIsItsElementsStacked) {
  const auto model = ModelBuilder()
                         .input("x", ElementType::float32, {2})
                         .node("Neg", {"x"}, {"z"})
                         .node("SequenceConstruct", {"x", "z"}, {"y"})
                         .sequence_output("y", ElementType::float32);
  const auto y = output(model, numbers<float>({2}, {3, 4}));
  EXPECT_EQ(y.nesting.kind, "sequence of tensors");
  EXPECT_TRUE(holds(y.tensor.dims, {2, 2}));
  EXPECT_TRUE(holds(y.tensor.as<float>(), {3, 4, -3, -4}));
}

TEST_F(NestedValue, OfASequenceOfUnlikeShapesKeepsThem) {
  const auto model = ModelBuilder()
                         .input("x", ElementType::float32, {2})
                         .node("Concat", {"x", "x"}, {"z"}, {attr("axis", 0)})
                         .node("SequenceConstruct", {"x", "z"}, {"y"})
                         .sequence_output("y", ElementType::float32);
  const auto y = output(model, numbers<float>({2}, {3, 4}));
  EXPECT_EQ(y.nesting.kind, "sequence of tensors [2], [4]");
  EXPECT_TRUE(holds(y.tensor.as<float>(), {3, 4, 3, 4, 3, 4}));
  EXPECT_TRUE(holds(y.tensor.dims, {6}));
}

TEST_F(NestedValue, OfASequenceOfStringsHasThem) {
  const auto model = ModelBuilder()
                         .input("x", ElementType::string, {1})
                         .node("SequenceConstruct", {"x", "x"}, {"y"})
                         .sequence_output("y", ElementType::string);
  const auto y = output(model, test::texts({1}, {"left"}));
  EXPECT_EQ(y.tensor.strings, (Names{"left", "left"}));
}

std::string message(std::uint32_t number, const std::string& content) {
  std::string out;
  protozero::pbf_writer(out).add_message(number, content);
  return out;
}

// TypeProto of float32 tensors.
std::string float_tensors() {
  std::string tensor;
  protozero::pbf_writer(tensor).add_int32(1, static_cast<std::int32_t>(ElementType::float32));
  return message(1, tensor);
}

// A graph output that is an optional float32 tensor.
std::string optional_output(const std::string& name) {
  std::string out;
  protozero::pbf_writer(out).add_string(1, name);
  return out + message(2, message(9, message(1, float_tensors())));
}

TEST_F(NestedValue, OfAnOptionalIsWhatItHolds) {
  const auto model = ModelBuilder()
                         .opset(15)
                         .input("x", ElementType::float32, {2})
                         .node("Optional", {"x"}, {"y"})
                         .graph_field(12, optional_output("y"));
  const auto y = output(model, numbers<float>({2}, {3, 4}));
  EXPECT_EQ(y.nesting.kind, "");
  EXPECT_TRUE(holds(y.tensor.as<float>(), {3, 4}));
}

TEST_F(NestedValue, OfAnOptionalWithoutAValueSaysSo) {
  test::Attribute type;
  protozero::pbf_writer writer(type.bytes);
  writer.add_string(1, "type");
  writer.add_message(14, float_tensors());  // AttributeProto.tp
  writer.add_int32(20, 13);                 // TYPE_PROTO
  const auto model = ModelBuilder()
                         .opset(15)
                         .input("x", ElementType::float32, {2})
                         .node("Optional", {}, {"y"}, {type})
                         .node("Identity", {"x"}, {"z"})
                         .graph_field(12, optional_output("y"))
                         .output("z", ElementType::float32, {2});
  const auto y = output(model, numbers<float>({2}, {3, 4}));
  EXPECT_EQ(y.nesting.kind, "no value");
  EXPECT_TRUE(y.tensor.bytes.empty());
}

TEST_F(NestedValue, OfATypeThatOctetDoesNotReadSaysWhich) {
  const auto model =
      ModelBuilder()
          .opset(19)
          .ir_version(9)
          .input("x", ElementType::float32, {2})
          .node("Cast", {"x"}, {"y"}, {attr("to", static_cast<int>(ElementType::float8e4m3fn))})
          .output("y", ElementType::float8e4m3fn, {2});
  const auto y = output(model, numbers<float>({2}, {3, 4}));
  EXPECT_TRUE(says(y.nesting.unread, "float8e4m3fn"));
}

}  // namespace
}  // namespace octet::runtime
