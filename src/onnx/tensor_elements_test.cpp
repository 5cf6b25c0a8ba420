#include "onnx/tensor_elements.hpp"

#include <gtest/gtest.h>

#include "octet/error.hpp"
#include "support/tensor_spec.hpp"

namespace octet::onnx {
namespace {

using base::ElementType;

std::string elements(const std::string& message) {
  const Bytes bytes = std::as_bytes(std::span(message));
  const Origin origin{"t", bytes.data()};
  const std::vector<std::byte> out = inline_elements(read_tensor(bytes, origin), origin);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

// The two parts of a complex number follow each other in the field of their type.
TEST(TensorElements, OfComplexNumbersAreTwoEach) {
  const std::string raw = test::tensor<float>({2}, {1, 2}).raw;
  EXPECT_EQ(elements(std::string("\x08\x01\x10\x0e\x22\x08", 6) + raw), raw);  // packed
  EXPECT_EQ(elements("\x08\x01\x10\x0e\x25" + raw.substr(0, 4) + "\x25" + raw.substr(4)), raw);
}

TEST(TensorElements, OfExternalDataAreNotHere) {
  EXPECT_EQ(elements(test::external_tensor(ElementType::float32, {1}, "x.bin", 0, 4).bytes()), "");
}

TEST(TensorElements, RefuseAFieldOfAnotherWireType) {
  const std::string text("\x08\x01\x10\x07\x3d\0\0\0\0", 9);  // int64_data as fixed32
  EXPECT_THROW((void)elements(text), Error);
}

}  // namespace
}  // namespace octet::onnx
