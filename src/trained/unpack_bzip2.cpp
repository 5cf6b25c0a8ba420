#include <bzlib.h>

#include <algorithm>
#include <memory>

#include "trained/unpack.hpp"

namespace octet::trained {
namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 30U;  // bzip2 counts in 32 bits

struct End {
  void operator()(bz_stream* stream) const { (void)BZ2_bzDecompressEnd(stream); }
};

}  // namespace

void unpack_bzip2(std::span<const std::byte> packed, Unpacked& into) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) into.fail("bzip2 could not be started");
  const std::unique_ptr<bz_stream, End> ended(&stream);
  for (;;) {
    const std::size_t given = std::min(packed.size(), most_at_once);
    stream.next_in = const_cast<char*>(reinterpret_cast<const char*>(packed.data()));
    stream.avail_in = static_cast<unsigned>(given);
    const std::span<std::byte> room = into.room();
    const std::size_t offered = std::min(room.size(), most_at_once);
    stream.next_out = reinterpret_cast<char*>(room.data());
    stream.avail_out = static_cast<unsigned>(offered);
    const int status = BZ2_bzDecompress(&stream);
    const std::size_t made = offered - stream.avail_out;
    const std::size_t read = given - stream.avail_in;
    into.used(made);
    packed = packed.subspan(read);
    if (status == BZ_STREAM_END) {
      if (!packed.empty()) into.fail("bytes follow the end of the compressed data");
      return;
    }
    if (status != BZ_OK) into.fail("the compressed data are damaged");
    if (made == 0 && read == 0) into.fail("the compressed data are cut short");
  }
}

}  // namespace octet::trained
