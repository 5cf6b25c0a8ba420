// xz, and the older .lzma.
#include <lzma.h>

#include <memory>

#include "trained/unpack.hpp"

namespace octet::trained {
namespace {

// What a dictionary may take: xz -9 wants 65 MB.
constexpr std::uint64_t most_memory = std::uint64_t{1} << 30U;

struct End {
  void operator()(lzma_stream* stream) const { lzma_end(stream); }
};

}  // namespace

void unpack_lzma(std::span<const std::byte> packed, Unpacked& into) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_auto_decoder(&stream, most_memory, 0) != LZMA_OK) into.fail("lzma could not be started");
  const std::unique_ptr<lzma_stream, End> ended(&stream);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  for (;;) {
    const std::span<std::byte> room = into.room();
    stream.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream.avail_out = room.size();
    const lzma_ret status = lzma_code(&stream, LZMA_FINISH);
    into.used(room.size() - stream.avail_out);
    if (status == LZMA_STREAM_END) {
      if (stream.avail_in != 0) into.fail("bytes follow the end of the compressed data");
      return;
    }
    if (status == LZMA_MEMLIMIT_ERROR)
      into.fail("the compressed data want more than 1 GB of memory");
    if (status == LZMA_BUF_ERROR) into.fail("the compressed data are cut short");
    if (status != LZMA_OK) into.fail("the compressed data are damaged");
  }
}

}  // namespace octet::trained
