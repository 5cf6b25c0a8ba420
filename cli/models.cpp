#include "models.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "octet/error.hpp"
#include "octet/inspect.hpp"
#include "octet/nearest_name.hpp"

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view int8_ending = ".int8.onnx";

bool is_there(const fs::path& path) {
  std::error_code unseen;
  return fs::exists(path, unseen);
}

std::string float_name(const std::string& int8) {
  return int8.substr(0, int8.size() - int8_ending.size()) + ".onnx";
}

// What a person who has no such file can do.
std::string how_to_get(const std::string& path) {
  if (path.ends_with(int8_ending))
    return fmt::format("make it with: octet quantize {}", float_name(path));
  const std::string extension = fs::path(path).extension().string();
  if (extension == ".joblib" || extension == ".pkl" || extension == ".skops")
    return "save one with joblib.dump(model, \"model.joblib\"), or name yours";
  if (extension == ".npy" || extension == ".npz" || extension == ".csv")
    return "record it with numpy.save, or name yours";
  return "export one (octet export for scikit-learn, XGBoost and LightGBM files; "
         "torch.onnx.export, "
         "tf2onnx or optimum-cli export onnx for the others) or name yours";
}

// The model in the same folder whose name is nearest; "" when none is near.
std::string nearest_model(const fs::path& path) {
  if (is_there(path.string() + ".onnx")) return path.string() + ".onnx";
  std::vector<std::string> names;
  std::error_code unseen;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (auto entry = fs::directory_iterator(folder, unseen);
       !unseen && entry != fs::directory_iterator(); entry.increment(unseen)) {
    const fs::path extension = entry->path().extension();
    if (extension == path.extension() || extension == ".onnx")
      names.push_back(entry->path().filename().string());
  }
  const std::string nearest = octet::nearest_name(path.filename().string(), names);
  return nearest.empty() ? "" : (path.parent_path() / nearest).string();
}

bool holds_int8(const std::string& model) {
  try {
    return octet::holds_int8(model);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string int8_name(const std::string& model) {
  fs::path path = model;
  return path.replace_filename(path.stem().string() + std::string(int8_ending)).string();
}

void complete_pair(const CLI::App& command, const char* second, std::string& reference,
                   std::string& candidate) {
  const CLI::Option* const option = command.get_option(second);
  const bool is_alone = option->count() == 0 && reference != option->get_default_str();
  const bool has_first = reference.ends_with(".onnx");
  if (!is_alone || !has_first) return;
  if (reference.ends_with(int8_ending) && is_there(float_name(reference))) {
    candidate = reference;
    reference = float_name(candidate);
  } else if (is_there(int8_name(reference)) || candidate == option->get_default_str()) {
    candidate = int8_name(reference);
  }
}

void expect_in_order(const std::string& command, const std::string& reference,
                     const std::string& candidate) {
  expect_there(reference);
  expect_there(candidate);
  if (!holds_int8(reference) || holds_int8(candidate)) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: it is an INT8 model and {} a float one, so the two are swapped; "
                          "write: octet {} {} {}",
                          reference, candidate, command, candidate, reference));
}

void expect_there(const std::string& path) {
  if (path.empty() || is_there(path)) return;
  const std::string nearest = nearest_model(path);
  throw Error(
      ErrorCode::io,
      fmt::format("{}: there is no such file; {}", path,
                  nearest.empty() ? how_to_get(path) : fmt::format("did you mean {}?", nearest)));
}

void expect_there(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional() || option->get_group() == words_group) continue;
    const auto given = option->results();
    // Of several words the last may be an output.
    expect_there(given.empty() ? option->get_default_str() : given.front());
  }
}

}  // namespace octet::cli
