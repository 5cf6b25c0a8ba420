#include "words.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace octet::cli {
namespace {

// Another name of an option, of whatever command has it. Sources: onnxruntime.quantization,
// optimum-cli, olive, polygraphy, hyperfine, onnxruntime_perf_test.
struct Alias {
  std::string_view typed;
  std::string_view known;
};
constexpr Alias aliases[] = {
    {"nodes-to-exclude", "exclude"},
    {"exclude-nodes", "exclude"},
    {"skip", "exclude"},
    {"nodes-to-quantize", "include"},
    {"include-nodes", "include"},
    {"op-types-to-quantize", "op-types"},
    {"operators-to-quantize", "op-types"},
    {"use-external-data-format", "external-data"},
    {"save-as-external-data", "external-data"},
    {"dtype", "weight-type"},
    {"precision", "weight-type"},
    {"symmetric", ""},
    {"dynamic", ""},
    {"force", ""},
    {"overwrite", ""},
    {"yes", ""},
    {"tolerance", "abs-tol"},
    {"tol", "abs-tol"},
    {"threshold", "abs-tol"},
    {"max-diff", "abs-tol"},
    {"cosine", "min-cosine"},
    {"input", "data"},
    {"inputs", "data"},
    {"input-data", "data"},
    {"dataset", "data"},
    {"data-path", "data"},
    {"calibration-data", "data"},
    {"load-inputs", "data"},
    {"num-threads", "threads"},
    {"jobs", "threads"},
    {"intra-op-num-threads", "threads"},
    {"batch-size", "batch"},
    {"warmup-runs", "warmup"},
    {"warm-up", "warmup"},
    {"runs", "min-runs"},
    {"iterations", "min-runs"},
    {"repeat", "min-runs"},
    {"duration", "seconds"},
    {"time", "seconds"},
    {"out", "output"},
    {"output-path", "output"},
    {"output-model", "output"},
    {"model-output", "output"},
    {"output-file", "output"},
    {"onnxruntime", "ort"},
    {"ort-lib", "ort"},
};

// Names of the models a command takes by place.
constexpr Alias models[] = {
    {"model", "model"},        {"onnx-model", "model"},    {"model-path", "model"},
    {"input-model", "model"},  {"model-input", "model"},   {"model", "input"},
    {"onnx-model", "input"},   {"model-path", "input"},    {"input-model", "input"},
    {"model-input", "input"},  {"input", "input"},         {"reference", "reference"},
    {"baseline", "reference"}, {"fp32", "reference"},      {"golden", "reference"},
    {"original", "reference"}, {"float", "reference"},     {"candidate", "candidate"},
    {"int8", "candidate"},     {"quantized", "candidate"}, {"quantized-model", "candidate"},
    {"model", "candidate"},    {"baseline", "baseline"},   {"reference", "baseline"},
    {"fp32", "baseline"},      {"float", "baseline"},      {"original", "baseline"},
};

bool has_option(const CLI::App& command, const std::string& name) {
  return command.get_option_no_throw("--" + name) != nullptr;
}

std::vector<const CLI::Option*> positionals(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

class Translation {
 public:
  explicit Translation(const CLI::App& command) : command_(command) {
    for (const CLI::Option* option : positionals(command)) places_.push_back(option);
  }

  std::vector<std::string> of(const std::vector<std::string>& typed) {
    for (std::size_t i = 0; i < typed.size(); ++i) {
      const std::size_t equals = std::min(typed[i].find('='), typed[i].size());
      std::string name = typed[i].starts_with("--") ? typed[i].substr(2, equals - 2) : "";
      if (name.empty()) {
        out_.push_back(typed[i]);
        continue;
      }
      std::replace(name.begin(), name.end(), '_', '-');
      const std::string value = typed[i].substr(equals);  // "=x" or nothing
      if (has_option(command_, name)) {
        out_.push_back("--" + name + value);
      } else if (const auto place = place_of(name);
                 place < places_.size() && (!value.empty() || i + 1 < typed.size())) {
        named_[place] = value.empty() ? typed[++i] : value.substr(1);
      } else {
        translate(name, value);
      }
    }
    return with_models();
  }

 private:
  void translate(const std::string& name, const std::string& value) {
    for (const Alias& alias : aliases) {
      if (alias.typed != name) continue;
      const std::string known(alias.known);
      if (known.empty()) return;
      if (!has_option(command_, known)) break;
      out_.push_back("--" + known + value);
      return;
    }
    out_.push_back("--" + name + value);
  }

  // Which argument by place the name means; as many as there are when none.
  [[nodiscard]] std::size_t place_of(const std::string& name) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
      for (const Alias& model : models)
        if (model.typed == name && model.known == places_[i]->get_name(true)) return i;
    }
    return places_.size();
  }

  // Those given by name, in their places; before them those that have a default.
  [[nodiscard]] std::vector<std::string> with_models() const {
    if (named_.empty()) return out_;
    std::vector<std::string> all;
    for (std::size_t i = 0; i <= named_.rbegin()->first; ++i) {
      const auto named = named_.find(i);
      all.push_back(named != named_.end() ? named->second : places_[i]->get_default_str());
    }
    all.insert(all.end(), out_.begin(), out_.end());
    return all;
  }

  const CLI::App& command_;
  std::vector<const CLI::Option*> places_;
  std::map<std::size_t, std::string> named_;
  std::vector<std::string> out_;
};

// Commands of other programs.
constexpr Alias commands[] = {
    {"quant", "quantize"},
    {"convert", "quantize"},
    {"compress", "quantize"},
    {"optimize", "quantize"},
    {"quantize-dynamic", "quantize"},
    {"ptq", "quantize"},
    {"benchmark", "bench"},
    {"perf", "bench"},
    {"time", "bench"},
    {"speed", "bench"},
    {"compare", "parity"},
    {"diff", "parity"},
    {"validate", "parity"},
    {"verify", "parity"},
    {"check", "parity"},
    {"eval", "parity"},
    {"evaluate", "parity"},
    {"test", "parity"},
    {"infer", "predict"},
    {"inference", "predict"},
    {"run", "predict"},
    {"info", "inspect"},
    {"show", "inspect"},
    {"summary", "inspect"},
    {"analyze", "sensitivity"},
    {"debug", "sensitivity"},
    {"train", "export"},
    {"onnx", "export"},
    {"env", "doctor"},
    {"sys", "doctor"},
    {"completion", "completions"},
    {"man", "completions"},
};

// Options of other programs that have no counterpart, and why.
constexpr Alias foreign[] = {
    {"bits",
     "weights are 8 bits; --storage float16 keeps more of those that are not computed with"},
    {"int8", "INT8 is what quantize writes; leave it out"},
    {"int4", "weights are 8 bits; 4 are not written"},
    {"fp16", "write --storage float16, or --float16 SELECTOR for some layers"},
    {"half", "write --storage float16, or --float16 SELECTOR for some layers"},
    {"avx2", "write --target avx2"},
    {"avx512", "write --target avx512"},
    {"avx512-vnni", "write --target avx512_vnni"},
    {"arm64", "write --target neon_dotprod"},
    {"native", "write --target native"},
    {"static", "activations are quantized while the model runs; nothing is calibrated"},
    {"calibrate", "activations are quantized while the model runs; nothing is calibrated"},
    {"calibration-method", "activations are quantized while the model runs; nothing is calibrated"},
    {"activation-type", "activations are uint8, with a scale made while the model runs"},
    {"quant-format", "the result holds integer operators, not pairs of QuantizeLinear"},
    {"provider", "the result is for the CPU"},
    {"device", "the result is for the CPU"},
    {"gpu", "the result is for the CPU"},
    {"opset", "the model keeps its own opset"},
    {"config", "plans are what can be kept: --save-plan FILE, then --plan FILE"},
    {"log-level", "write --verbose or --quiet"},
    {"debug", "write --verbose"},
};

}  // namespace

std::vector<std::string> known_words(const CLI::App& app, std::vector<std::string> typed) {
  const auto command = std::find_if(typed.begin(), typed.end(),
                                    [](const auto& word) { return !word.starts_with('-'); });
  if (command == typed.end()) return typed;
  const auto known = app.get_subcommands(
      [&](const CLI::App* candidate) { return candidate->get_name() == *command; });
  if (known.empty()) return typed;
  const auto rest = command + 1;
  std::vector<std::string> out(typed.begin(), rest);
  for (std::string& word : Translation(*known.front()).of({rest, typed.end()}))
    out.push_back(std::move(word));
  return out;
}

std::string hyphenated(std::string typed) {
  if (!typed.starts_with("--")) return typed;
  const std::size_t end = std::min(typed.find('='), typed.size());
  std::replace(typed.begin(), typed.begin() + static_cast<std::ptrdiff_t>(end), '_', '-');
  return typed;
}

std::string advice(const CLI::App& app, const std::string& typed) {
  const bool is_program = app.get_parent() == nullptr;
  if (is_program && typed.ends_with(".onnx"))
    return "a command goes before the model: octet quantize " + typed;
  if (is_program) {
    for (const Alias& alias : commands)
      if (alias.typed == typed) return "octet calls it " + std::string(alias.known);
    return "";
  }
  if (!typed.starts_with("--")) return "";
  std::string name = typed.substr(2, typed.find('=') - 2);
  std::replace(name.begin(), name.end(), '_', '-');
  for (const Alias& alias : foreign)
    if (alias.typed == name) return std::string(alias.known);
  return "";
}

}  // namespace octet::cli
