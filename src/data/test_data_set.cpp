#include "data/test_data_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/mapped_file.hpp"
#include "data/inputs.hpp"
#include "data/tensor_proto.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

namespace fs = std::filesystem;

base::NamedTensor read_file(const fs::path& path) {
  return base::read_mapped(path, [&](std::span<const std::byte> bytes) {
    return read_tensor_proto({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                             path.string());
  });
}

}  // namespace

std::vector<fs::path> test_data_sets(const fs::path& folder) {
  std::error_code error;
  for (const char* const first : {"input_0.pb", "output_0.pb"}) {
    if (fs::exists(folder / first, error)) return {folder};
  }
  constexpr std::string_view prefix = "test_data_set_";
  std::vector<std::pair<std::uint64_t, fs::path>> found;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    std::uint64_t number = 0;
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + prefix.size(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) found.emplace_back(number, entry->path());
  }
  if (error) {
    throw Error(ErrorCode::io,
                fmt::format("{}: cannot list the folder: {}", folder.string(), error.message()));
  }
  if (found.empty()) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: expected input_0.pb or folders test_data_set_0, … in this folder",
                            folder.string()));
  }
  std::ranges::sort(found);
  std::vector<fs::path> out;
  for (auto& [number, path] : found) out.push_back(std::move(path));
  return out;
}

std::vector<base::NamedTensor> read_numbered(const fs::path& data_set, const std::string& stem) {
  std::vector<base::NamedTensor> out;
  std::error_code error;
  while (true) {
    const fs::path path = data_set / fmt::format("{}_{}.pb", stem, out.size());
    if (!fs::exists(path, error)) break;
    out.push_back(read_file(path));
  }
  if (out.empty()) {
    throw Error(ErrorCode::invalid_data,
                fmt::format("{}: there is no {}_0.pb in it", data_set.string(), stem));
  }
  return out;
}

}  // namespace octet::data
