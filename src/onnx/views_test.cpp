#include "onnx/views.hpp"

#include <gtest/gtest.h>

#include <protozero/pbf_writer.hpp>

#include "octet/error.hpp"
#include "onnx/message.hpp"
#include "support/model_builder.hpp"

namespace octet::onnx {
namespace {

using test::attr;
using test::NodeSpec;

Bytes view(const std::string& text) {
  return std::as_bytes(std::span(text));
}

NodeView node(const std::string& text) {
  static Origin origin;
  origin = {"m.onnx", view(text).data()};
  return read_node(view(text), origin);
}

TEST(NodeView, ReadsNamesInputsAndAttributes) {
  const std::string text =
      NodeSpec{"Gemm", {"x", "", "c"}, {"y"}, {attr("alpha", 0.5), attr("transB", 1)}, "n", ""}
          .bytes();
  const NodeView view = node(text);
  EXPECT_TRUE(view.is("Gemm"));
  EXPECT_EQ(view.name, "n");
  EXPECT_EQ(view.inputs, (std::vector<std::string_view>{"x", "", "c"}));
  EXPECT_EQ(view.integer("transB", 0), 1);
  EXPECT_EQ(view.integer("transA", 7), 7);
  EXPECT_EQ(view.real("alpha", 1), 0.5F);
}

TEST(NodeView, DecodesListsPackedOrNotWhenSomebodyAsks) {
  std::string packed;
  protozero::pbf_writer writer(packed);
  writer.add_string(1, "both");
  const std::vector<std::int64_t> ints = {300, -1};
  const std::vector<float> floats = {0.5F};
  writer.add_packed_int64(8, ints.begin(), ints.end());
  writer.add_packed_float(7, floats.begin(), floats.end());
  writer.add_int64(8, 7);
  writer.add_float(7, -2);
  const std::string text = NodeSpec{"Tree", {}, {}, {{packed}, attr("other", 1)}, "", ""}.bytes();
  const NodeView view = node(text);
  ASSERT_NE(view.attribute("both"), nullptr);
  EXPECT_EQ(view.attribute("both")->ints(), (std::vector<std::int64_t>{300, -1, 7}));
  EXPECT_EQ(view.attribute("both")->floats(), (std::vector<float>{0.5F, -2}));
  EXPECT_TRUE(view.attribute("other")->ints().empty());
}

// Nobody has asked for them yet: the file is refused all the same, and in its place.
TEST(NodeView, RefusesDamagedListsAtOnce) {
  std::string ints("\x42\x02\x01\x96", 4);  // the second number is cut short
  std::string floats("\x3a\x03\0\0\0", 5);  // three bytes of four
  for (const std::string& damaged : {ints, floats}) {
    const std::string text = NodeSpec{"Tree", {}, {}, {{damaged}}, "", ""}.bytes();
    try {
      (void)node(text);
      FAIL();
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("AttributeProto field"), std::string::npos);
    }
  }
}

TEST(NodeView, TakesAiOnnxForTheEmptyDomain) {
  const std::string plain = NodeSpec{"MatMul", {}, {}, {}, "", "ai.onnx"}.bytes();
  EXPECT_TRUE(node(plain).is("MatMul"));
  const std::string other = NodeSpec{"MatMul", {}, {}, {}, "", "com.x"}.bytes();
  EXPECT_FALSE(node(other).is("MatMul"));
}

TEST(NodeView, KeepsBytesItDoesNotKnow) {
  std::string text = NodeSpec{"MatMul", {"a"}, {"b"}, {}, "", ""}.bytes();
  protozero::pbf_writer(text).add_string(99, "from the future");
  EXPECT_EQ(node(text).message.size(), text.size());
}

TEST(NodeView, RefusesANameThatIsANumber) {
  const std::string text("\x18\x01", 2);
  try {
    (void)node(text);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("byte 0: NodeProto field 3: wire type 0"),
              std::string::npos)
        << error.what();
  }
}

TEST(ValueView, ReadsDimensionsAndSymbols) {
  const std::string text =
      test::detail::value_info_bytes("x", base::ElementType::int64, {"batch", 3, ""}, true, false);
  const Origin origin{"m", view(text).data()};
  const ValueView value = read_value(view(text), origin);
  EXPECT_EQ(value.name, "x");
  EXPECT_EQ(value.kind, "tensor");
  EXPECT_EQ(value.type, base::ElementType::int64);
  ASSERT_EQ(value.dims.size(), 3U);
  EXPECT_EQ(value.dims[0].symbol, "batch");
  EXPECT_EQ(value.dims[1].value, 3);
  EXPECT_FALSE(value.dims[2].value);
}

TEST(Message, LaysFieldsOutAsProtobufDoes) {
  std::string expected;
  std::string inner;
  protozero::pbf_writer(inner).add_string(1, std::string(200, 'x'));
  protozero::pbf_writer writer(expected);
  writer.add_uint64(1, 300);
  writer.add_float(2, 1.5F);
  writer.add_message(3, inner);

  Message nested;
  nested.text(1, std::string(200, 'x'));
  Message message;
  message.varint(1, 300);
  message.fixed32(2, 1.5F);
  message.message(3, std::move(nested));
  EXPECT_EQ(message.bytes(), expected);
  EXPECT_EQ(message.size_bytes(), expected.size());
}

TEST(Message, JoinsNeighboursOfTheInputIntoOnePiece) {
  const std::string text = "abcdef";
  Message message;
  message.copy(view(text).first(2));
  message.copy(view(text).subspan(2, 2));
  EXPECT_EQ(message.pieces().size(), 1U);
  message.copy(view(text).subspan(5));
  EXPECT_EQ(message.pieces().size(), 2U);
  EXPECT_EQ(message.bytes(), "abcdf");
}

TEST(Message, CountsUnfilledBytesWithoutHoldingThem) {
  Message message;
  message.unfilled(9, std::uint64_t{5} << 30U, 0);
  EXPECT_EQ(message.size_bytes(), (std::uint64_t{5} << 30U) + 6);
  EXPECT_EQ(message.pieces().back().tensor, 0U);
}

}  // namespace
}  // namespace octet::onnx
