#include "api/output_paths.hpp"

#include <fmt/format.h>

#include <optional>

#include "octet/error.hpp"

namespace octet::api {
namespace {

namespace fs = std::filesystem;

// The data file in place belongs to the model in place.
bool owns_sidecar(const fs::path& model) {
  std::error_code ec;
  if (!fs::is_regular_file(model, ec) || !fs::is_regular_file(data_path(model), ec)) return false;
  try {
    const graph::Graph graph = graph::Graph::import(model);
    const std::string name = data_name(model);
    for (const graph::Constant& constant : graph.constants()) {
      if (constant.tensor.external && constant.tensor.external->location == name) return true;
    }
  } catch (const Error&) {
    return false;  // not a model: then its neighbour is not ours to remove
  }
  return false;
}

}  // namespace

std::string data_name(const fs::path& output) {
  return output.filename().string() + ".data";
}

fs::path data_path(const fs::path& output) {
  fs::path path = output;
  path.replace_filename(data_name(output));
  return path;
}

void refuse_overwriting(const graph::Graph& graph, const fs::path& output) {
  if (graph.bytes().empty()) return;
  for (const fs::path& written : {output, data_path(output)}) {
    for (const fs::path& input : graph.files()) {
      std::error_code ec;
      if (!fs::equivalent(written, input, ec)) continue;
      throw Error(
          ErrorCode::invalid_argument,
          fmt::format("{}: the output would overwrite the input; choose another path with -o",
                      written.string()));
    }
  }
}

void publish(base::OutputFile& model, base::OutputFile* data) {
  model.flush();
  if (data == nullptr) {
    const bool stale = owns_sidecar(model.target());
    model.commit();
    std::error_code ec;
    if (stale) fs::remove(data_path(model.target()), ec);
    return;
  }
  data->flush();
  std::error_code ec;
  fs::remove(model.target(), ec);
  data->commit();
  model.commit();
}

}  // namespace octet::api
