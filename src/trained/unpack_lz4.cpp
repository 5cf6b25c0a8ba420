#include <lz4frame.h>

#include <memory>

#include "trained/unpack.hpp"

namespace octet::trained {
namespace {

struct End {
  void operator()(LZ4F_dctx* context) const { (void)LZ4F_freeDecompressionContext(context); }
};

}  // namespace

void unpack_lz4(std::span<const std::byte> packed, Unpacked& into) {
  LZ4F_dctx* made = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0)
    into.fail("lz4 could not be started");
  const std::unique_ptr<LZ4F_dctx, End> context(made);
  for (;;) {
    const std::span<std::byte> room = into.room();
    std::size_t out = room.size();
    std::size_t in = packed.size();
    const std::size_t more =
        LZ4F_decompress(context.get(), room.data(), &out, packed.data(), &in, nullptr);
    if (LZ4F_isError(more) != 0) into.fail("the compressed data are damaged");
    into.used(out);
    packed = packed.subspan(in);
    if (more == 0) {
      if (!packed.empty()) into.fail("bytes follow the end of the compressed data");
      return;
    }
    if (out == 0 && in == 0) into.fail("the compressed data are cut short");
  }
}

}  // namespace octet::trained
