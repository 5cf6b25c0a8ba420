#include "options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "limits.hpp"
#include "octet/error.hpp"

namespace octet::cli {
namespace {

// "QInt8", "INT8" and "int8" are one.
std::string weight_type(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text == "qint8" || text == "quint8" ? text.substr(1) : text;
}

}  // namespace

void DataArguments::add_to(CLI::App& app) {
  app.add_option("--data", files,
                 "Inputs: .npy, .npz, .csv, or a folder with test data sets; one .npy for each "
                 "input of the model. "
                 "Without: seeded inputs that suit the model")
      ->type_name("FILE")
      ->group("Data");
  app.add_option("--dim", dims, "Size of a dynamic dimension, by its name: --dim seq=64")
      ->type_name("NAME=N")
      ->allow_extra_args(false)
      ->group("Data");
  app.add_option("--seed", seed, "Of the seeded inputs")->capture_default_str()->group("Data");
}

octet::DataOptions DataArguments::finish() const {
  octet::DataOptions out;
  out.files.assign(files.begin(), files.end());
  out.seed = seed;
  for (const std::string& dim : dims) {
    const std::size_t equals = dim.rfind('=');
    std::int64_t size = 0;
    const char* end = dim.data() + dim.size();
    const bool good = equals != std::string::npos && equals != 0 &&
                      std::from_chars(dim.data() + equals + 1, end, size).ptr == end && size > 0;
    if (!good) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("--dim {}: write a name and a size, like --dim seq=64", dim));
    }
    out.dims[dim.substr(0, equals)] = size;
  }
  return out;
}

void RuntimeArguments::add_to(CLI::App& app, bool with_threads) {
  app.add_option("--ort", library,
                 "ONNX Runtime library to use (else $OCTET_ORT, the system's, the build's)")
      ->type_name("PATH")
      ->group("Runtime");
  if (with_threads) {
    app.add_option("--threads", threads, "Threads of ONNX Runtime; 0: its own choice")
        ->capture_default_str()
        ->group("Runtime");
  }
}

octet::RuntimeOptions RuntimeArguments::finish(const Environment& environment) const {
  octet::RuntimeOptions out;
  out.library = library;
  out.environment_library = environment.ort;
  out.fallbacks = environment.ort_fallbacks;
  out.threads = bounded_threads(threads);
  out.timeout_seconds = environment.limits.timeout_seconds;
  return out;
}

void PlanArguments::add_to(CLI::App& app) {
  const char* const group = plan_group;
  app.add_option("--include", options.include,
                 "Only these nodes: a name, a glob, /regex/ or op:Type; repeatable")
      ->type_name("SELECTOR")
      ->allow_extra_args(false)
      ->group(group);

  app.add_option("--exclude", options.exclude, "Not these nodes (same selectors); repeatable")
      ->type_name("SELECTOR")
      ->allow_extra_args(false)
      ->group(group);

  app.add_option("--op-types", options.op_types, "Only these operators: --op-types MatMul,Gemm")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("OP,…")
      ->group(group);

  app.add_option("--target", options.target,
                 "CPUs the model is for: portable (all), native (this one), avx2, avx512, "
                 "avx512_vnni, amx_int8, neon_dotprod, neon_i8mm")
      ->capture_default_str()
      ->group(group);

  app.add_option("--costs", costs,
                 "A measured table of costs instead of the target's (docs/costs.md)")
      ->type_name("FILE")
      ->group(group);

  app.add_option("--ops", options.ops,
                 "contrib: ONNX Runtime's DynamicQuantizeMatMul; standard: only ai.onnx operators")
      ->capture_default_str()
      ->group(group);

  app.add_option("--weight-type", options.weight_type, "int8, or uint8 (slower on most CPUs)")
      ->capture_default_str()
      ->transform(weight_type)
      ->group(group);

  app.add_option("--storage", options.storage,
                 "How weights that are not computed with are stored: int8, float16, float32")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--per-channel", per_channel,
               "A scale for every column (the default; costs nothing)")
      ->group(group);
  app.add_flag("--per-tensor", per_tensor, "One scale for a whole weight")
      ->excludes("--per-channel")
      ->group(group);

  app.add_flag("--reduce-range", options.reduce_range,
               "7-bit weights. Not needed: the weights are chosen so that no CPU can saturate")
      ->group(group);
}

octet::PlanOptions PlanArguments::finish() const {
  octet::PlanOptions out = options;
  out.per_channel = !per_tensor;
  if (!costs.empty()) out.costs = read_text(costs);
  return out;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) throw Error(ErrorCode::io, fmt::format("{}: cannot read the file", path));
  return std::move(text).str();
}

void refuse_overwriting(const std::string& output, const std::vector<std::string>& inputs) {
  namespace fs = std::filesystem;
  for (const std::string& input : inputs) {
    for (const std::string& file : {input, input + ".data"}) {
      std::error_code ec;
      if (output != file && !fs::equivalent(output, file, ec)) continue;
      throw Error(
          ErrorCode::invalid_argument,
          fmt::format("{}: writing it would overwrite {}; choose another name", output, file));
    }
  }
}

void write_text(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code ec;
  if (fs::exists(path, ec) &&
      !fs::is_regular_file(path, ec)) {  // a device or a pipe: never replaced
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file) throw Error(ErrorCode::io, fmt::format("{}: cannot write to it", path));
    return;
  }
  const fs::path link = fs::canonical(path, ec);  // the file behind a symbolic link, when it exists
  const fs::path target = ec ? fs::path(path) : link;
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), ec);
  fs::path temporary = target;
  temporary += fmt::format(".{}.tmp", ::getpid());
  {
    std::ofstream file(temporary, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      fs::remove(temporary, ec);
      throw Error(ErrorCode::io, fmt::format("{}: cannot write the file", path));
    }
  }
  fs::rename(temporary, target, ec);
  if (ec) {
    const std::string reason = ec.message();
    fs::remove(temporary, ec);
    throw Error(ErrorCode::io, fmt::format("{}: cannot write the file: {}", path, reason));
  }
}

}  // namespace octet::cli
