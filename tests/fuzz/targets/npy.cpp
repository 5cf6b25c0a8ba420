#include "data/npy.hpp"

#include "data/numpy_files_test.hpp"
#include "fuzz/targets/target.hpp"

namespace octet::fuzz {

std::vector<File> seeds() {
  namespace golden = data::golden;
  std::vector<File> out;
  for (const std::string_view hex :
       {golden::float32_c, golden::float64_fortran, golden::int32_big_endian,
        golden::int16_fortran_3d, golden::boolean, golden::float16_v2, golden::text_v3,
        golden::text_big_endian, golden::bytes_text, golden::scalar, golden::objects,
        golden::records}) {
    out.push_back(golden::from_hex(hex));
  }
  return out;
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    (void)octet::data::read_npy(bytes, "f.npy");
  });
}
