#include "data/npz.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <fstream>
#include <numeric>

#include "data/npy.hpp"
#include "support/claims.hpp"
#include "support/temporary_folder.hpp"

namespace octet::data {
namespace {

using test::holds;
using test::says;

// 600,000 rows of two numbers: more than is read at once (1 MiB).
constexpr std::int64_t row_count = 600'000;

std::string array_file() {
  std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (600000, 2), }";
  header.resize(117, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00\x76\x00", 10);
  out += header;
  std::vector<std::int32_t> numbers(static_cast<std::size_t>(row_count) * 2);
  std::iota(numbers.begin(), numbers.end(), 0);
  out.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * 4);
  return out;
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  (void)deflateInit2(&stream, 1, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  (void)deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  (void)deflateEnd(&stream);
  return out;
}

template <typename... Numbers>
std::string little(Numbers... numbers) {
  std::string out;
  (out.append(reinterpret_cast<const char*>(&numbers), sizeof(numbers)), ...);
  return out;
}

// An archive of one entry, as numpy.savez (method 0) or numpy.savez_compressed (8) writes it.
std::string archive(const std::string& content, const std::string& packed, std::uint16_t method,
                    std::uint32_t crc) {
  const std::string name = "x.npy";
  const auto u16 = [](std::size_t n) { return static_cast<std::uint16_t>(n); };
  const auto u32 = [](std::size_t n) { return static_cast<std::uint32_t>(n); };
  const std::string common =
      little(u16(20), u16(0), method, u16(0), u16(0), crc, u32(packed.size()), u32(content.size()),
             u16(name.size()), u16(0));
  std::string out = "PK\3\4" + common + name + packed;
  const std::size_t directory = out.size();
  out +=
      "PK\1\2" + little(u16(20)) + common + little(u16(0), u16(0), u16(0), u32(0), u32(0)) + name;
  out += "PK\5\6" + little(u16(0), u16(0), u16(1), u16(1), u32(out.size() - directory),
                           u32(directory), u16(0));
  return out;
}

class NpzTest : public ::testing::TestWithParam<bool> {
 protected:
  std::filesystem::path write(std::uint32_t crc_change = 0) {
    const std::string content = array_file();
    const auto crc = static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()));
    const auto path = folder_ / "x.npz";
    std::ofstream(path, std::ios::binary) << archive(
        content, GetParam() ? deflated(content) : content, GetParam() ? 8 : 0, crc ^ crc_change);
    return path;
  }
  test::TemporaryFolder folder_;
};

TEST_P(NpzTest, LeavesTheRowsOfALargeArrayInTheFile) {
  const auto arrays = open_npz(write());
  ASSERT_EQ(arrays.size(), 1U);
  const Rows& rows = arrays[0].rows;
  EXPECT_FALSE(rows.in_memory());
  EXPECT_TRUE(holds(rows.dims(), {row_count, 2}));
  for (const std::int64_t first : {0, 1, 500'000, 3, 599'998}) {
    const base::Tensor some = rows.some(first, 2);
    const auto at = static_cast<std::int32_t>(first) * 2;
    EXPECT_TRUE(holds(some.as<std::int32_t>(), {at, at + 1, at + 2, at + 3})) << first;
  }
}

TEST_P(NpzTest, RefusesAWrongChecksumBeforeTheFirstRowIsRead) {
  const auto path = write(1);
  EXPECT_TRUE(says(test::refusal(ErrorCode::invalid_data, [&] { (void)open_npz(path); }),
                   "does not have its checksum"));
}

TEST_P(NpzTest, RefusesRowsOfAFileThatChanged) {
  const auto path = write();
  const auto arrays = open_npz(path);
  std::ofstream(path, std::ios::binary | std::ios::in | std::ios::out).seekp(100).put('!');
  EXPECT_TRUE(
      says(test::refusal(ErrorCode::io, [&] { (void)arrays[0].rows.some(0, 1); }), "x.npz"));
}

INSTANTIATE_TEST_SUITE_P(StoredAndDeflated, NpzTest, ::testing::Bool(),
                         [](const auto& way) { return way.param ? "Deflated" : "Stored"; });

}  // namespace
}  // namespace octet::data
