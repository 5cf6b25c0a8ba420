#include <filesystem>
#include <fstream>
#include <iterator>

#include "export/emitter.hpp"
#include "export/probes.hpp"
#include "fuzz/targets/target.hpp"
#include "support/places.hpp"
#include "support/trained_models.hpp"
#include "translate/model.hpp"

namespace octet::fuzz {
namespace {

File whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return file(text);
}

}  // namespace

std::vector<File> seeds() {
  std::vector<File> out = {file(test::lightgbm_stump), file(test::pickled_regression),
                           file(test::pickled_attack)};
  const std::filesystem::path folder = test::trained_folder();
  if (folder.empty()) return out;
  for (const char* part : {"sklearn/1.4.2", "xgboost/3.0.0", "lightgbm"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder / part)) {
      const std::string name = entry.path().filename();
      const bool is_model = name.ends_with(".joblib") || name.ends_with(".ubj") ||
                            name.ends_with(".txt") || part[0] == 'x';
      if (is_model && entry.file_size() < 12000) out.push_back(whole(entry.path()));
    }
  }
  return out;
}

}  // namespace octet::fuzz

// A damaged model is refused, or it is one: it can be written, and evaluated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return octet::fuzz::survive(data, size, [](std::span<const std::byte> bytes) {
    using namespace octet;
    translate::ReadOptions how;
    how.limits.always_bytes = how.limits.unpacked_bytes = std::uint64_t{16} << 20U;
    const translate::Model model = translate::read_model(bytes, nullptr, "f.pkl", how);
    const auto precisions = steps::precisions_of(model.program, false);
    (void)exporting::emit(model.program, precisions);
    (void)steps::predict(model.program, precisions,
                         exporting::probe_rows(model.program, 4, 1, false));
  });
}
