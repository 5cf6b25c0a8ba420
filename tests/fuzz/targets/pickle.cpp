#include "trained/pickle.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/targets/target.hpp"
#include "support/places.hpp"
#include "trained/file.hpp"

namespace octet::fuzz {
namespace {

File whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return file(text);
}

}  // namespace

std::vector<File> seeds() {
  using namespace std::string_view_literals;
  std::vector<File> out = {
      file("\x80\x04\x95\x1a\0\0\0\0\0\0\0}\x94(\x8c\x01"
           "a\x94K\x01\x8c\x01"
           "b\x94]\x94(K\x02K\x03"
           "eu."sv),
      file("ccollections\nOrderedDict\np0\n(tRp1\n(Vkey\nF1.5\nsb."sv),
      file("\x80\x02"
           "cnumpy.core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\x01K\0\x85q\x02U\x01"
           "bq\x03\x87q\x04Rq\x05(K\x01K\x02\x85q\x06"
           "cnumpy\ndtype\nq\x07U\x02"
           "f4q\x08K\0K\x01\x87q\x09"
           "Rq\x0a(K\x03U\x01<q\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tq\x0c"
           "b\x89U\x08"
           "\0\0\x80?\0\0\0@q\x0dtq\x0e"
           "b."sv)};
  const std::filesystem::path folder = test::trained_folder();
  if (folder.empty()) return out;
  for (const char* part : {"hostile", "variants/1.4.2"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / part)) {
      if (entry.file_size() < 20000) out.push_back(whole(entry.path()));
    }
  }
  return out;
}

}  // namespace octet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    octet::trained::Limits limits;
    limits.always_bytes = limits.unpacked_bytes = std::uint64_t{16} << 20U;
    const octet::trained::File file = octet::trained::recognise(bytes, nullptr, "f.pkl", limits);
    if (file.format != octet::trained::Format::pickle) return;
    const auto pickle = octet::trained::read_pickle(file.bytes, file.owner, "f.pkl", limits);
    if (pickle.records.size() > 4 * file.bytes.size() + 16) octet::fuzz::broken("too many records");
  });
}
