#include "base/plain_sha256.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "base/sha256.hpp"

namespace octet::base {
namespace {

std::string hex(PlainSha256 digest) {
  std::string out;
  for (const unsigned char byte : digest.finish()) out += fmt::format("{:02x}", byte);
  return out;
}

TEST(PlainSha256, GivesTheExamplesOfTheStandard) {
  const std::string_view text = "abc";
  PlainSha256 digest;
  digest.add(std::as_bytes(std::span(text)));
  EXPECT_EQ(hex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(PlainSha256, GivesTheSameWhateverThePiecesAndTheLength) {
  std::vector<std::byte> bytes;
  for (unsigned i = 0; i < 200; ++i) bytes.push_back(static_cast<std::byte>(i * 37));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto whole = std::span<const std::byte>(bytes).first(size);
    PlainSha256 digest;
    digest.add(whole.first(size / 3));
    digest.add(whole.subspan(size / 3));
    EXPECT_EQ(hex(digest), sha256(whole)) << size;
  }
}

}  // namespace
}  // namespace octet::base
