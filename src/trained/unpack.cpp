#include "trained/unpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "octet/error.hpp"

namespace octet::trained {
namespace {

constexpr std::size_t first_room = std::size_t{64} << 10U;

struct Codec {
  std::string_view name;
  std::string_view magic;
  void (*unpack)(std::span<const std::byte>, Unpacked&);
};

using namespace std::string_view_literals;
constexpr std::array<Codec, 6> codecs = {{
    {"zlib", "\x78"sv, unpack_zlib},
    {"gzip", "\x1f\x8b"sv, unpack_zlib},
    {"bzip2", "BZh"sv, unpack_bzip2},
    {"xz", "\xfd\x37zXZ"sv, unpack_lzma},
    {"lzma", "\x5d\x00"sv, unpack_lzma},
    {"lz4", "\x04\x22\x4d\x18"sv, unpack_lz4},
}};

const Codec* codec_of(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const Codec& codec : codecs) {
    if (text.starts_with(codec.magic)) return &codec;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string_view> compression_of(std::span<const std::byte> bytes) {
  const Codec* const codec = codec_of(bytes);
  return codec == nullptr ? std::nullopt : std::optional(codec->name);
}

Unpacked::Unpacked(std::uint64_t packed_bytes, const std::string& label, const Limits& limits)
    : most_(std::min(limits.unpacked_bytes,
                     std::max(limits.always_bytes,
                              std::min(packed_bytes, UINT64_MAX / limits.ratio) * limits.ratio))),
      packed_(packed_bytes),
      label_(label) {}

std::span<std::byte> Unpacked::room() {
  if (size_ == bytes_.size()) {
    if (size_ >= most_) {
      fail(
          fmt::format("{} bytes unpack to more than {}; allow more with --max-unpacked and "
                      "--max-ratio",
                      packed_, most_));
    }
    bytes_.resize(std::min<std::uint64_t>(most_, std::max(2 * bytes_.size(), first_room)));
  }
  return std::span(bytes_).subspan(size_);
}

void Unpacked::fail(std::string_view fact) const {
  throw Error(ErrorCode::invalid_model, fmt::format("{}: {}", label_, fact));
}

std::vector<std::byte> Unpacked::take() && {
  bytes_.resize(size_);
  return std::move(bytes_);
}

std::vector<std::byte> unpack(std::span<const std::byte> bytes, const std::string& label,
                              const Limits& limits) {
  const Codec* const codec = codec_of(bytes);
  if (codec == nullptr) throw Error(ErrorCode::invalid_model, label + ": is not compressed");
  Unpacked out(bytes.size(), label, limits);
  codec->unpack(bytes, out);
  return std::move(out).take();
}

}  // namespace octet::trained
