#include "data/npy.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "data/numpy_files_test.hpp"
#include "support/claims.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using base::Tensor;
using test::holds;
using test::says;

Tensor read(std::string_view hex) {
  return read_npy(golden::from_hex(hex), "a.npy");
}

// A version 1 file with this header text and these bytes behind it.
std::vector<std::byte> file_of(const std::string& header, std::size_t data_bytes) {
  std::string text = "\x93NUMPY";
  text += '\1';
  text += '\0';
  text += static_cast<char>(header.size() & 0xffU);
  text += static_cast<char>(header.size() >> 8U);
  text += header + std::string(data_bytes, '\0');
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

std::string header(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

std::string refusal(std::span<const std::byte> file) {
  return test::refusal(ErrorCode::invalid_data, [&] { (void)read_npy(file, "a.npy"); });
}

TEST(Npy, ReadsWhatNumpyWrites) {
  const Tensor a = read(golden::float32_c);
  EXPECT_EQ(a.type, ElementType::float32);
  EXPECT_TRUE(holds(a.dims, {2, 3}));
  EXPECT_TRUE(holds(a.as<float>(), {0, 1, 2, 3, 4, 5}));
  const Tensor half = read(golden::float16_v2);
  EXPECT_EQ(half.type, ElementType::float16);
  EXPECT_TRUE(holds(half.as<std::uint16_t>(), {0x3c00, 0xb800}));
  const Tensor flags = read(golden::boolean);
  EXPECT_EQ(flags.type, ElementType::boolean);
  EXPECT_TRUE(holds(flags.as<std::uint8_t>(), {1, 0, 1}));
  const Tensor scalar = read(golden::scalar);
  EXPECT_TRUE(scalar.dims.empty());
  EXPECT_TRUE(holds(scalar.as<std::int64_t>(), {7}));
}

TEST(Npy, TurnsFortranOrderAround) {
  const Tensor a = read(golden::float64_fortran);
  EXPECT_TRUE(holds(a.dims, {2, 3}));
  EXPECT_TRUE(holds(a.as<double>(), {0, 1, 2, 3, 4, 5}));
  const Tensor deep = read(golden::int16_fortran_3d);
  EXPECT_TRUE(holds(deep.as<std::int16_t>(), {0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Npy, TurnsBigEndianAround) {
  const Tensor numbers = read(golden::int32_big_endian);
  EXPECT_TRUE(holds(numbers.as<std::int32_t>(), {0, 1, 2, 3, 4, 5}));
  EXPECT_TRUE(holds(read(golden::text_big_endian).strings, {"ab", "c"}));
}

TEST(Npy, ReadsStringsAsUtf8) {
  EXPECT_TRUE(holds(read(golden::text_v3).strings, {"a", "grüße", "", "\xf0\x9f\x98\x80"}));
  EXPECT_TRUE(holds(read(golden::bytes_text).strings, {"ab", "c"}));
}

TEST(Npy, RefusesPythonObjectsAndRecordsWithTheWayOut) {
  EXPECT_TRUE(says(refusal(golden::from_hex(golden::objects)), "holds Python objects"));
  EXPECT_TRUE(says(refusal(golden::from_hex(golden::objects)), "astype"));
  EXPECT_TRUE(says(refusal(golden::from_hex(golden::records)), "holds records"));
}

TEST(Npy, RefusesEveryTruncation) {
  for (const auto hex : {golden::float32_c, golden::float16_v2, golden::text_v3}) {
    const auto whole = golden::from_hex(hex);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_TRUE(says(refusal(std::span(whole).first(length)), "a.npy"));
    }
  }
}

TEST(Npy, RefusesAShapeTheBytesDoNotFill) {
  EXPECT_TRUE(says(refusal(file_of(header("<f4", "(3,)"), 8)), "needs 12 bytes, but 8 follow"));
  EXPECT_TRUE(says(refusal(file_of(header("<f4", "(1,)"), 8)), "needs 4 bytes, but 8 follow"));
  const std::string huge = "(4611686018427387904, 2)";
  EXPECT_TRUE(says(refusal(file_of(header("<f8", huge), 8)), "needs too many bytes"));
  EXPECT_TRUE(says(refusal(file_of(header("<f8", "(1000000000000,)"), 8)), "but 8 follow"));
}

TEST(Npy, RefusesManyStringsOfNoBytes) {
  (void)refusal(file_of(header("<U0", "(1000000000000,)"), 0));
  (void)refusal(file_of(header("<U9999999999999999999", "(1,)"), 0));
}

TEST(Npy, TakesAnArrayWithoutElements) {
  const Tensor a = read_npy(file_of(header("<f4", "(0, 9223372036854775807)"), 0), "a.npy");
  EXPECT_TRUE(a.bytes.empty());
}

TEST(Npy, RefusesHeadersNumpyWouldNotWrite) {
  for (const char* text :
       {"", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': ()}", "{'descr': '<f4",
        "{'descr': 'f99', 'fortran_order': False, 'shape': ()}",
        "{'descr': '', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<M8[s]', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<c8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"}) {
    (void)refusal(file_of(text, 4));
  }
}

TEST(Npy, RefusesCharactersThatAreNoUnicode) {
  auto file = file_of(header("<U1", "(1,)"), 4);
  const std::uint32_t beyond = 0x110000;
  std::memcpy(file.data() + file.size() - 4, &beyond, 4);
  EXPECT_TRUE(says(refusal(file), "no Unicode character"));
}

}  // namespace
}  // namespace octet::data
