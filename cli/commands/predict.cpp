#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "octet/predict.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string model = default_int8;
  std::string format;
  std::string output_name;
  std::string file;
  octet::PredictOptions options;
  DataArguments data;
  RuntimeArguments runtime;
};

std::vector<octet::Prediction> chosen(std::vector<octet::Prediction> outputs,
                                      const std::string& name) {
  if (name.empty()) return outputs;
  std::string names;
  for (octet::Prediction& output : outputs) {
    if (output.name == name) return {std::move(output)};
    names += (names.empty() ? "" : ", ") + output.name;
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("--output-name {}: the model has {}", name, names));
}

std::string document(const std::vector<octet::Prediction>& outputs, const std::string& format) {
  if (format == "csv") return octet::to_csv(outputs);
  if (format == "jsonl") return octet::to_jsonl(outputs);
  if (outputs.size() != 1) {
    throw Error(ErrorCode::invalid_argument,
                "a .npy file holds one array; choose the output with --output-name");
  }
  return octet::to_npy(outputs.front());
}

// What was asked for, else what the file's name ends with.
std::string format_of(const Arguments& a) {
  if (!a.format.empty()) return a.format;
  const std::string extension = std::filesystem::path(a.file).extension().string();
  if (extension == ".npy") return "npy";
  return extension == ".jsonl" || extension == ".json" ? "jsonl" : "csv";
}

int run(const Arguments& a, const Environment& environment) {
  octet::PredictOptions options = a.options;
  octet::FileRoles roles;
  roles.models = {a.model};
  roles.inputs.assign(a.data.files.begin(), a.data.files.end());
  if (!a.file.empty()) roles.outputs = {a.file};
  octet::check(roles);
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  std::vector<octet::Prediction> outputs;
  {
    ProgressLine progress(environment);
    options.progress = progress.callback();
    outputs = chosen(octet::predict(a.model, options), a.output_name);
  }
  const std::string text = document(outputs, format_of(a));
  if (a.data.files.empty()) {
    warn({fmt::format("no --data: the inputs are made up (seed {})", a.data.seed)});
  }
  if (a.file.empty()) {
    print(text);
  } else {
    octet::write_text(a.file, text, roles);
  }
  return exit_yes;
}

}  // namespace

Run add_predict(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet predict model.int8.onnx --data rows.npy                         CSV on standard "
      "output\n"
      "  octet predict model.onnx --data rows.csv -o predictions.jsonl\n"
      "  octet predict model.onnx --data rows.npy --output-name probabilities -o "
      "p.npy");
  app.add_option("model", a->model, "ONNX model")->capture_default_str();
  app.add_option("--format", a->format, "csv, jsonl or npy (default: as -o ends, else csv)")
      ->check(CLI::IsMember({"csv", "jsonl", "npy"}));
  app.add_option("--output-name", a->output_name, "Only this output")->type_name("NAME");
  app.add_option("-o,--output", a->file, "Write to a file instead of standard output")
      ->type_name("FILE");
  add_fields(app, a->options);
  a->data.add_to(app);
  a->runtime.add_to(app);
  return [a, &environment] { return run(*a, environment); };
}

}  // namespace octet::cli
