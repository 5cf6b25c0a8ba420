#include "octet/sensitivity.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t most_columns = 4;

struct Arguments {
  std::string model = default_model;
  std::string plan;
  std::string list;
  bool json = false;
  bool all = false;
  octet::SensitivityOptions options;
  PlanArguments planning;
  DataArguments data;
  RuntimeArguments runtime;
};

// Of a ratio of squares, as a share of the answers' size.
std::string share(double error) {
  return std::isfinite(error) ? fmt::format("{:.3g} %", 100 * std::sqrt(error)) : "does not run";
}

// Names of layers end in what tells them apart.
std::string shortened(const std::string& name) {
  constexpr std::size_t most = 30;
  std::size_t start = name.size();
  std::size_t length = 0;
  while (start > 0 && length < most) {
    do --start;
    while (start > 0 && (static_cast<unsigned char>(name[start]) & 0xc0U) == 0x80U);
    ++length;
  }
  return start == 0 ? name : "…" + name.substr(start);
}

std::string cause(const octet::LayerSensitivity& layer) {
  if (layer.estimated) return "estimated";
  if (layer.outlier_columns.empty()) return layer.cause.empty() ? "-" : layer.cause;
  std::string out;
  for (std::size_t i = 0; i < std::min(most_columns, layer.outlier_columns.size()); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : " ", layer.outlier_columns[i]);
  if (layer.outlier_columns.size() > most_columns)
    out += fmt::format(" and {} more", layer.outlier_columns.size() - most_columns);
  return fmt::format("input, columns {}", out);
}

std::string text(const Environment& environment, const octet::SensitivityReport& report, bool all) {
  Table table({"layer", "op", "alone", "weights", "left", "saves", "due to"});
  table.left(1);
  table.left(6);
  const std::size_t most = all ? report.layers.size() : std::min(most_lines, report.layers.size());
  for (std::size_t i = 0; i < most; ++i) {
    const octet::LayerSensitivity& layer = report.layers[i];
    const std::string others =
        layer.nodes.size() == 1 ? "" : fmt::format(" (+{})", layer.nodes.size() - 1);
    const std::string name = shortened(layer.nodes.front()) + others;
    table.row({name, layer.op, share(layer.error),
               layer.weight_error ? share(*layer.weight_error) : "-", share(layer.error_left),
               human_bytes(layer.bytes_saved), cause(layer)});
  }
  std::string out = table.text(environment);
  if (most < report.layers.size())
    out += fmt::format("  … and {} more; --all shows them\n", report.layers.size() - most);
  out += fmt::format(
      "\nError of the answers (L2, the worst output): alone, when this layer only is quantized; of "
      "its\nweights; left, when it and all above it stay float. Measured on {}, {} models, {}.\n",
      one_line(report.data), report.tried, human_time(report.seconds));
  out += fmt::format("All together: {}, largest difference {}: {}\n", share(report.error),
                     human_number(report.max_abs_diff),
                     report.passed ? toned(environment, Tone::good, "passes")
                                   : toned(environment, Tone::bad, "does not pass") + ": " +
                                         one_line(report.reason));
  return out;
}

std::string advice(const Arguments& a, const octet::SensitivityReport& report) {
  if (report.keep_float.empty()) return "";
  return fmt::format("Tried: with the first {} kept float it passes, largest difference {}.{}\n",
                     report.keep_float.size(), human_number(report.max_abs_diff_left),
                     a.list.empty() ? " --list FILE writes them for --exclude @FILE" : "");
}

// A selector a line, the worst first, with its error behind: --exclude @FILE reads it.
std::string list_of(const octet::SensitivityReport& report) {
  std::string out = "# octet sensitivity: the most sensitive first\n";
  for (const octet::LayerSensitivity& layer : report.layers) {
    for (const std::string& node : layer.nodes)
      out += fmt::format("{}\t# {}{}\n", node, share(layer.error),
                         layer.estimated ? " (estimated)" : "");
    const bool is_last = !report.keep_float.empty() && !layer.nodes.empty() &&
                         layer.nodes.back() == report.keep_float.back();
    if (is_last) out += "# tried: passes when what stands above stays float\n";
  }
  return out;
}

void check_files(const Arguments& a) {
  octet::FileRoles roles;
  roles.inputs = {a.model};
  for (const std::string& file : a.data.files) roles.inputs.emplace_back(file);
  for (const std::string& file : {a.plan, a.planning.costs}) {
    if (!file.empty()) roles.inputs.emplace_back(file);
  }
  roles.outputs = {a.list};
  octet::check(roles);
}

int run(const Arguments& a, const Environment& environment) {
  octet::SensitivityOptions options = a.options;
  if (!a.list.empty()) check_files(a);
  options.planning = a.planning.finish();
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  if (!a.plan.empty()) options.plan = octet::plan_from_json(octet::read_text(a.plan), a.plan);
  octet::SensitivityReport report;
  {
    ProgressLine progress(environment, options.seconds);
    options.progress = progress.callback();
    report = octet::sensitivity(a.model, options);
  }
  warn(report.warnings);
  if (!a.list.empty()) octet::write_text(a.list, list_of(report));
  if (a.json) {
    print(octet::to_json(report));
    return exit_yes;
  }
  if (report.layers.empty()) {
    print("The plan changes nothing: no layer suffers. `octet inspect` tells why.\n");
    return exit_yes;
  }
  print(text(environment, report, a.all) + advice(a, report));
  if (!report.complete)
    print(
        "The time ended before every layer that matters was measured alone; --seconds gives "
        "more\n");
  if (!a.list.empty()) print(fmt::format("Wrote {}\n", one_line(a.list)));
  return exit_yes;
}

}  // namespace

Run add_sensitivity(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet sensitivity model.onnx --data rows.npy\n"
      "  octet sensitivity model.onnx --data rows.npy --list worst.txt\n"
      "  octet quantize model.onnx --exclude @worst.txt\n\n"
      "Each layer is quantized alone and run; errors of layers add up to about that of all. A "
      "layer "
      "whose\nerror comes from its input has columns that need another scale than the others.");
  app.add_option("model", a->model, "Float ONNX model")->capture_default_str();
  app.add_option("--plan", a->plan, "Of this plan instead of one made here")->type_name("FILE");
  app.add_option("--list", a->list, "Write the layers as selectors, the most sensitive first")
      ->type_name("FILE");
  app.add_flag("--all", a->all, "Every layer, not only the first twenty");
  app.add_flag("--json", a->json, "As JSON");
  add_fields(app, a->options);
  add_fields(app, a->options.tolerances, "Tolerances (without: by what the values are)");
  a->data.add_to(app);
  a->planning.add_to(app);
  a->runtime.add_to(app);
  return [a, &environment] { return run(*a, environment); };
}

}  // namespace octet::cli
