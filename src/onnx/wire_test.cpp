#include "onnx/wire.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "octet/error.hpp"

namespace octet::onnx {
namespace {

Bytes view(const std::string& text) {
  return std::as_bytes(std::span(text));
}

struct Result {
  std::vector<Field> fields;
  std::string error;
};

Result read_all(const std::string& text) {
  const Origin origin{"m.onnx", view(text).data()};
  Reader reader(view(text), origin, "GraphProto");
  Result out;
  try {
    while (const auto field = reader.next()) out.fields.push_back(*field);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_model);
    out.error = error.what();
  }
  return out;
}

std::string error_of(const std::string& text) {
  return read_all(text).error;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Reader, ReadsEveryWireType) {
  const std::string text("\x08\x96\x01\x12\x02hi\x1d\x01\x00\x00\x00\x21\x02\0\0\0\0\0\0\0", 21);
  const Result result = read_all(text);
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.fields.size(), 4U);
  EXPECT_EQ(result.fields[0].value, 150U);
  EXPECT_EQ(result.fields[1].text(), "hi");
  EXPECT_EQ(result.fields[1].whole.size(), 4U);
  EXPECT_EQ(result.fields[2].type, WireType::fixed32);
  EXPECT_EQ(result.fields[2].value, 1U);
  EXPECT_EQ(result.fields[3].value, 2U);
}

TEST(Reader, NamesFileByteMessageAndFieldOfALengthThatRunsPastTheEnd) {
  const std::string error = error_of(
      "\x08\x01\x2a\x05"
      "abc");
  EXPECT_TRUE(has(error, "m.onnx: byte 2: GraphProto field 5: its length 5 runs past the end"))
      << error;
}

TEST(Reader, RefusesLengthsThatWouldWrap) {
  for (const char* length : {"\x85\x80\x80\x80\x10",                         // 2^32 + 5
                             "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",     // 2^63
                             "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {  // 2^64 - 1
    EXPECT_TRUE(has(error_of(std::string("\x0a") + length + "abcde"), "runs past the end"));
  }
}

TEST(Reader, RefusesNumbersLongerThanTenBytes) {
  EXPECT_TRUE(has(error_of("\x08" + std::string(10, '\x80') + "\x01"), "longer than ten bytes"));
  EXPECT_TRUE(has(error_of("\x08" + std::string(1000, '\xff')), "longer than ten bytes"));
}

TEST(Reader, RefusesNumbersThatAreCutShort) {
  EXPECT_TRUE(has(error_of("\x08\x80"), "byte 1: GraphProto field 1: a number is cut short"));
  EXPECT_TRUE(has(error_of("\x80"), "cut short"));
  EXPECT_TRUE(has(error_of("\x1d\x01\x02\x03"), "fixed-size number runs past the end"));
  EXPECT_TRUE(has(error_of("\x21"
                           "1234567"),
                  "fixed-size number runs past the end"));
}

TEST(Reader, RefusesGroupsAndUnknownWireTypes) {
  for (const char tag : {'\x0b', '\x0c', '\x0e', '\x0f'}) {
    EXPECT_TRUE(has(error_of(std::string(1, tag)), "does not occur in ONNX"));
  }
}

TEST(Reader, RefusesFieldNumbersOutOfRange) {
  EXPECT_TRUE(has(error_of(std::string("\x00\x01", 2)), "field number out of range"));
  EXPECT_TRUE(has(error_of("\x80\x80\x80\x80\x10\x01"), "field number out of range"));  // 2^29
}

TEST(Reader, ReadsWholeNumbersPackedOrNot) {
  const std::string text("\x08\x07\x0a\x03\x01\x96\x01", 7);
  const Origin origin{"m", view(text).data()};
  Reader reader(view(text), origin, "X");
  std::vector<std::uint64_t> numbers;
  while (const auto field = reader.next()) {
    reader.integers(*field, [&](std::uint64_t n) { numbers.push_back(n); });
  }
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{7, 1, 150}));
}

TEST(Reader, RefusesPackedNumbersThatAreCutShort) {
  const std::string text("\x0a\x02\x01\x96", 4);
  const Origin origin{"m", view(text).data()};
  Reader reader(view(text), origin, "X");
  const auto field = reader.next();
  EXPECT_THROW(reader.integers(*field, [](std::uint64_t) {}), Error);
}

}  // namespace
}  // namespace octet::onnx
