#include "data/recorded_files.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "data/concatenation.hpp"
#include "data/inputs.hpp"
#include "data/test_data_set.hpp"

namespace octet::data {
namespace {

// What cannot be looked at is refused by whoever opens it, with the reason.
bool is_folder(const std::filesystem::path& path) {
  std::error_code ec;
  return std::filesystem::is_directory(path, ec);
}

}  // namespace

bool is_recorded(const octet::ModelSource& reference) {
  if (reference.path() == nullptr) return false;
  const std::string extension = reference.path()->extension().string();
  return extension == ".npy" || extension == ".npz" || extension == ".csv" || extension == ".pb" ||
         is_folder(*reference.path());
}

std::vector<base::NamedTensor> read_recorded(const std::filesystem::path& path) {
  if (!is_folder(path)) return read_arrays(path);
  Concatenation all;
  for (const std::filesystem::path& data_set : test_data_sets(path)) {
    all.add(read_numbered(data_set, "output"));
  }
  return std::move(all).take();
}

}  // namespace octet::data
