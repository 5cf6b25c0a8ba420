#include "data/npy.hpp"
#include "data/numpy_files_test.hpp"
#include "data/zip.hpp"
#include "fuzz/targets/target.hpp"

namespace octet::fuzz {

std::vector<File> seeds() {
  return {data::golden::from_hex(data::golden::npz_stored),
          data::golden::from_hex(data::golden::npz_deflated)};
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    for (const octet::data::ZipEntry& entry : octet::data::list_zip(bytes, "f.npz"))
      (void)octet::data::read_npy(octet::data::unpack(entry, "f.npz"), "f.npz");
  });
}
