#include "data/zip.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "data/npy.hpp"
#include "data/numpy_files_test.hpp"
#include "support/claims.hpp"

namespace octet::data {
namespace {

using test::holds;
using test::says;
using Archive = std::vector<std::byte>;

std::string refusal(const Archive& archive) {
  return test::refusal(ErrorCode::invalid_data, [&] {
    for (const ZipEntry& entry : list_zip(archive, "a.npz")) (void)unpack(entry, "a.npz");
  });
}

std::size_t find(const Archive& archive, std::string_view signature) {
  const std::string_view text(reinterpret_cast<const char*>(archive.data()), archive.size());
  return text.find(signature);
}

template <typename T>
void put(Archive& archive, std::size_t at, T value) {
  std::memcpy(archive.data() + at, &value, sizeof(T));
}

constexpr std::string_view central = "PK\1\2";
constexpr std::string_view end = "PK\5\6";

TEST(Zip, UnpacksWhatNumpyStoresAndDeflates) {
  for (const auto hex : {golden::npz_stored, golden::npz_deflated}) {
    const Archive archive = golden::from_hex(hex);
    const auto entries = list_zip(archive, "a.npz");
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].name, "ids.npy");
    const auto ids = read_npy(unpack(entries[0], "a.npz"), "ids");
    EXPECT_TRUE(holds(ids.as<std::int64_t>(), {0, 1, 2, 3}));
    EXPECT_EQ(read_npy(unpack(entries[1], "a.npz"), "x").bytes.size(), 80U);
  }
}

TEST(Zip, RefusesEveryTruncation) {
  for (const auto hex : {golden::npz_stored, golden::npz_deflated}) {
    const Archive whole = golden::from_hex(hex);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      (void)refusal(Archive(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    }
  }
}

TEST(Zip, SurvivesEveryChangedByte) {
  const Archive whole = golden::from_hex(golden::npz_deflated);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      Archive changed = whole;
      changed[at] ^= static_cast<std::byte>(flip);
      try {
        for (const ZipEntry& entry : list_zip(changed, "a.npz")) {
          (void)read_npy(unpack(entry, "a.npz"), "a.npz");
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::invalid_data);
      }
    }
  }
}

TEST(Zip, RefusesAWrongChecksum) {
  Archive archive = golden::from_hex(golden::npz_stored);
  put<std::uint32_t>(archive, find(archive, central) + 16, 0);
  EXPECT_TRUE(says(refusal(archive), "does not have its checksum"));
}

TEST(Zip, RefusesASizeThatDeflateCannotGive) {
  Archive archive = golden::from_hex(golden::npz_deflated);
  put<std::uint32_t>(archive, find(archive, central) + 24, 0xfffffffe);
  EXPECT_TRUE(says(refusal(archive), "claims 4294967294 bytes from"));
}

TEST(Zip, RefusesASizeThatTheDataDoNotHave) {
  Archive archive = golden::from_hex(golden::npz_deflated);
  put<std::uint32_t>(archive, find(archive, central) + 24, 4000);
  EXPECT_TRUE(says(refusal(archive), "cannot be unpacked to its 4000 bytes"));
}

TEST(Zip, RefusesOffsetsOutsideTheFile) {
  Archive archive = golden::from_hex(golden::npz_stored);
  put<std::uint32_t>(archive, find(archive, central) + 42, 0xfffffff0);
  EXPECT_TRUE(says(refusal(archive), "no local header"));
  archive = golden::from_hex(golden::npz_stored);
  put<std::uint32_t>(archive, find(archive, end) + 16, 0xfffffff0);
  EXPECT_TRUE(says(refusal(archive), "central directory lies outside"));
}

TEST(Zip, RefusesMoreEntriesThanTheDirectoryHolds) {
  Archive archive = golden::from_hex(golden::npz_stored);
  put<std::uint16_t>(archive, find(archive, end) + 10, 0xffff);
  EXPECT_TRUE(says(refusal(archive), "central directory lies outside"));
}

TEST(Zip, RefusesEntriesThatShareBytes) {
  // Sixteen directory entries of the one entry whose 4000 bytes are most of the file.
  Archive archive;
  const auto append = [&](const auto value) {
    for (std::size_t i = 0; i < sizeof(value); ++i)
      archive.push_back(static_cast<std::byte>(value >> (8 * i)));
  };
  append(std::uint32_t{0x04034b50});
  archive.resize(30);
  archive.resize(30 + 4000);
  const std::size_t directory = archive.size();
  for (int i = 0; i < 16; ++i) {
    const std::size_t at = archive.size();
    archive.resize(at + 46);
    put<std::uint32_t>(archive, at, 0x02014b50);
    put<std::uint32_t>(archive, at + 20, 4000);
    put<std::uint32_t>(archive, at + 24, 4000);
  }
  const std::size_t at = archive.size();
  archive.resize(at + 22);
  put<std::uint32_t>(archive, at, 0x06054b50);
  put<std::uint16_t>(archive, at + 10, 16);
  put<std::uint32_t>(archive, at + 12, 16 * 46);
  put<std::uint32_t>(archive, at + 16, static_cast<std::uint32_t>(directory));
  EXPECT_TRUE(says(refusal(archive), "share bytes"));
}

TEST(Zip, ReadsZip64Sizes) {
  Archive archive = golden::from_hex(golden::npz_stored);
  const std::size_t directory = find(archive, central);
  // numpy writes local headers with a zip64 field; give the first directory entry one too.
  const auto size = archive[directory + 24];
  Archive field(20);
  put<std::uint16_t>(field, 0, 1);
  put<std::uint16_t>(field, 2, 16);
  field[4] = size;
  field[12] = size;
  const std::size_t name = std::to_integer<std::size_t>(archive[directory + 28]);
  put<std::uint16_t>(archive, directory + 30, 20);
  put<std::uint32_t>(archive, directory + 20, 0xffffffff);
  put<std::uint32_t>(archive, directory + 24, 0xffffffff);
  const auto where = archive.begin() + static_cast<std::ptrdiff_t>(directory + 46 + name);
  archive.insert(where, field.begin(), field.end());
  const std::size_t tail = find(archive, end);
  std::uint32_t directory_size = 0;
  std::memcpy(&directory_size, archive.data() + tail + 12, 4);
  put<std::uint32_t>(archive, tail + 12, directory_size + 20);
  const auto entries = list_zip(archive, "a.npz");
  ASSERT_EQ(entries.size(), 2U);
  const base::Tensor ids = read_npy(unpack(entries[0], "a"), "ids");
  EXPECT_TRUE(holds(ids.as<std::int64_t>(), {0, 1, 2, 3}));
}

}  // namespace
}  // namespace octet::data
