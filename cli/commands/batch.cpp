#include "commands/batch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "exit_codes.hpp"
#include "octet/error.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> models_of(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(".onnx") && !name.ends_with(".int8.onnx"))
      out.push_back(entry->path().string());
  }
  if (error) throw Error(ErrorCode::io, fmt::format("{}: {}", folder.string(), error.message()));
  if (out.empty()) {
    throw Error(ErrorCode::io,
                fmt::format("{}: there is no .onnx file in this folder", folder.string()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<std::string> models_in(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) {
    std::error_code unseen;
    if (!fs::is_directory(word, unseen)) {
      out.push_back(word);
      continue;
    }
    for (std::string& model : models_of(word)) out.push_back(std::move(model));
  }
  return out;
}

int for_each_model(const Environment& environment, const std::vector<std::string>& models,
                   const std::function<int(const std::string& model)>& one) {
  Table table({"model", "answer"});
  table.left(1);
  int worst = exit_yes;
  for (const std::string& model : models) {
    int code = exit_could_not;
    print(fmt::format("{}{}\n\n", worst == exit_yes && table.empty() ? "" : "\n",
                      toned(environment, Tone::title, one_line(model))));
    try {
      code = one(model);
    } catch (const Error& error) {
      if (error.stops()) throw;
      complain(error.what());
    }
    table.row({model, code == exit_yes ? "written" : code == exit_no ? "no" : "could not"});
    worst = std::max(worst, code);
  }
  print("\n" + table.text(environment));
  return worst;
}

}  // namespace octet::cli
