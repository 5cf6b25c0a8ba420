// zlib streams and gzip files; gzip files may follow each other in one.
#include <zlib.h>

#include <algorithm>
#include <memory>

#include "trained/unpack.hpp"

namespace octet::trained {
namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 30U;  // zlib counts in 32 bits

struct End {
  void operator()(z_stream* stream) const { (void)inflateEnd(stream); }
};

}  // namespace

void unpack_zlib(std::span<const std::byte> packed, Unpacked& into) {
  const bool is_gzip = packed[0] == std::byte{0x1f};
  z_stream stream{};
  constexpr int either_header = 32 + MAX_WBITS;
  if (inflateInit2(&stream, either_header) != Z_OK) into.fail("zlib could not be started");
  const std::unique_ptr<z_stream, End> ended(&stream);
  for (;;) {
    const std::size_t given = std::min(packed.size(), most_at_once);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(given);
    const std::span<std::byte> room = into.room();
    const std::size_t offered = std::min(room.size(), most_at_once);
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = static_cast<uInt>(offered);
    const int status = inflate(&stream, Z_NO_FLUSH);
    into.used(offered - stream.avail_out);
    packed = packed.subspan(given - stream.avail_in);
    if (status == Z_STREAM_END) {
      if (packed.empty()) return;
      if (!is_gzip || packed[0] != std::byte{0x1f})
        into.fail("bytes follow the end of the compressed data");
      if (inflateReset2(&stream, either_header) != Z_OK) into.fail("zlib could not be started");
    } else if (status != Z_OK) {
      into.fail(packed.empty() || status == Z_BUF_ERROR ? "the compressed data are cut short"
                                                        : "the compressed data are damaged");
    }
  }
}

}  // namespace octet::trained
