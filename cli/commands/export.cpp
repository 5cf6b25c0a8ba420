#include "octet/export.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/fields/reports.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

constexpr std::size_t most_lines = 30;

struct Arguments {
  std::string model = "artifacts/model.joblib";
  std::string output = default_model;
  bool json = false;
  octet::ExportOptions options;
  DataArguments data;
  RuntimeArguments runtime;
};

std::string values(const Environment& environment, const char* title,
                   const std::vector<octet::ValueSummary>& list) {
  Table table({title, "type", "shape"});
  table.left(1);
  table.left(2);
  for (std::size_t i = 0; i < std::min(list.size(), most_lines); ++i)
    table.row({list[i].name, list[i].type, fmt::format("[{}]", fmt::join(list[i].shape, ", "))});
  std::string out = table.text(environment);
  if (list.size() > most_lines) out += fmt::format("  … and {} more\n", list.size() - most_lines);
  return out + "\n";
}

std::string pipeline(const octet::ExportReport& report) {
  std::string out;
  for (std::size_t i = 0; i < std::min(report.pipeline.size(), most_lines); ++i)
    out += "  " + one_line(report.pipeline[i]) + "\n";
  if (report.pipeline.size() > most_lines)
    out += fmt::format("  … and {} more\n", report.pipeline.size() - most_lines);
  return out;
}

std::string proof(const Environment& environment, const octet::ExportReport& report) {
  const octet::ExportProof& proof = report.proof;
  using Status = octet::ExportProof::Status;
  if (proof.status == Status::skipped)
    return fmt::format("Not proven: {}\n", one_line(proof.reason));
  if (proof.status == Status::failed) {
    return fmt::format("{}: {}\n", toned(environment, Tone::bad, "Proof failed"),
                       one_line(proof.reason));
  }
  std::string out = fmt::format("{} on ONNX Runtime {} against the built-in predictor: {} made up",
                                toned(environment, Tone::good, "Proven"), proof.runtime_version,
                                counted(proof.rows, "row"));
  if (proof.data_rows != 0) out += fmt::format(", {} of yours", proof.data_rows);
  out += fmt::format(", largest difference {}", human_number(proof.max_difference));
  if (proof.undecided_rows != 0) {
    out +=
        fmt::format("; {} stand where float32 cannot decide", counted(proof.undecided_rows, "row"));
  }
  if (proof.expected_difference)
    out += fmt::format("; {} from what was recorded", human_number(*proof.expected_difference));
  return out + "\n";
}

std::string text(const Environment& environment, const octet::ExportReport& report) {
  std::string out = fmt::format(
      "{}: {}, {}{}{}\n", toned(environment, Tone::title, one_line(report.model)),
      human_bytes(report.input_bytes), report.container, report.versions.empty() ? "" : ", ",
      one_line(fmt::format("{}", fmt::join(report.versions, ", "))));
  out += pipeline(report) + "\n";
  out += values(environment, "inputs", report.inputs);
  out += values(environment, "outputs", report.outputs);
  for (const std::string& note : report.notes) out += fmt::format("Note: {}\n", one_line(note));
  return out + proof(environment, report);
}

int run(const Arguments& a, const Environment& environment) {
  octet::ExportOptions options = a.options;
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  octet::ExportReport report;
  {
    ProgressLine progress(environment);
    options.progress = progress.callback();
    report = octet::export_model(a.model, a.output, options);
  }
  const bool written = report.proof.status != octet::ExportProof::Status::failed;
  warn(report.warnings);
  if (a.json) {
    print(octet::to_json(report));
  } else {
    print(text(environment, report));
    print(written ? fmt::format("Wrote {} ({})\n", one_line(report.output),
                                human_bytes(report.output_bytes))
                  : std::string("Nothing was written\n"));
  }
  return written ? exit_yes : exit_no;
}

}  // namespace

Run add_export(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet export model.joblib                           scikit-learn, with pickle or joblib\n"
      "  octet export model.ubj -o artifacts/model.onnx      XGBoost; LightGBM's model.txt "
      "likewise\n"
      "  octet export model.joblib --data rows.csv --expect predictions.npy\n\n"
      "Nothing in a pickle is imported or called. The exported model is run against a predictor in "
      "double precision before it appears; exit code 1 when their answers differ.");
  app.add_option(
         "model", a->model,
         "Trained model: pickle, joblib (any compression), XGBoost JSON or UBJSON, LightGBM "
         "text")
      ->capture_default_str();
  app.add_option("-o,--output", a->output, "Where the ONNX model goes")
      ->capture_default_str()
      ->type_name("FILE");
  add_fields(app, a->options);
  add_fields(app, a->options.limits, "Limits of reading");
  app.add_flag("--json", a->json, "The report as JSON");
  a->data.add_to(app);
  a->runtime.add_to(app);
  return [a, &environment] { return run(*a, environment); };
}

}  // namespace octet::cli
