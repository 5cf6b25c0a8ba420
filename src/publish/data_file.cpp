#include "publish/data_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/mapped_file.hpp"
#include "base/staging_folder.hpp"
#include "graph/graph.hpp"
#include "octet/error.hpp"

namespace octet::publish {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".data";
constexpr std::size_t digits = 16;

bool points_to(const graph::Graph& graph, const std::string& name) {
  return std::any_of(graph.constants().begin(), graph.constants().end(), [&](const auto& constant) {
    return constant.tensor.external && constant.tensor.external->location == name;
  });
}

bool holds_text(const fs::path& path, const std::string& text) {
  constexpr std::uint64_t most = std::uint64_t{64} << 20U;
  try {
    const auto file = base::MappedFile::open(path);
    const auto bytes = file.bytes();
    if (bytes.size() > most) return path.extension() == ".onnx";
    const std::string_view whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return whole.find(text) != std::string_view::npos;
  } catch (const Error&) {
    return path.extension() == ".onnx";
  }
}

// Exact for models; where the file is none, whether the name occurs in it: somebody else's index,
// or a model that is broken or not finished.
bool means(const fs::path& path, const std::string& name) {
  try {
    return points_to(graph::Graph::import(path), name);
  } catch (const Error&) {
    return holds_text(path, name);
  }
}

}  // namespace

std::string data_name(const fs::path& model, std::uint64_t hash) {
  return fmt::format("{}.{:016x}{}", model.filename().string(), hash, suffix);
}

bool is_data_name(const std::string& name) {
  if (!name.ends_with(suffix) || name.size() < digits + suffix.size() + 2) return false;
  const std::size_t dot = name.size() - suffix.size() - digits - 1;
  return name[dot] == '.' &&
         name.find_first_not_of("0123456789abcdef", dot + 1) == name.size() - suffix.size();
}

std::vector<fs::path> own_data_files(const fs::path& model) {
  std::vector<fs::path> out;
  std::error_code ec;
  if (!fs::is_regular_file(model, ec)) return out;
  try {
    for (const fs::path& file : graph::Graph::import(model).files()) {
      if (is_data_name(file.filename().string()) && file.parent_path() == model.parent_path())
        out.push_back(file);
    }
  } catch (const Error&) {
    return {};  // not a model: then its neighbours are not ours to remove
  }
  return out;
}

void remove_unmeant(const fs::path& data) {
  const std::string name = data.filename().string();
  std::error_code ec;
  if (!is_data_name(name) || !fs::is_regular_file(fs::symlink_status(data, ec))) return;
  const fs::path folder = data.has_parent_path() ? data.parent_path() : fs::path(".");
  fs::directory_iterator entry(folder, ec);
  for (const fs::directory_iterator end; !ec && entry != end; entry.increment(ec)) {
    std::error_code type;
    const std::string other = entry->path().filename().string();
    if (is_data_name(other) || !entry->is_regular_file(type)) continue;
    if (means(entry->path(), name)) return;
  }
  if (!ec) base::remove_surely(data);
}

}  // namespace octet::publish
