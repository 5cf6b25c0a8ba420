#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "commands/commands.hpp"
#include "commands/plan_table.hpp"
#include "exit_codes.hpp"
#include "octet/error.hpp"
#include "octet/inspect.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

constexpr std::size_t most_lines = 20;

struct Arguments {
  std::string model = default_model;
  bool json = false;
  bool all = false;
  PlanArguments planning;
};

std::string values(const Environment& environment, const char* title,
                   const std::vector<octet::ValueSummary>& list) {
  Table table({title, "type", "shape"});
  table.left(1);
  table.left(2);
  for (const octet::ValueSummary& value : list) {
    table.row({value.name, value.type, fmt::format("[{}]", fmt::join(value.shape, ", "))});
  }
  return table.text(environment) + "\n";
}

std::string weights(const Environment& environment, const octet::Inspection& model,
                    std::size_t most) {
  Table table({"weights by size", "type", "shape", "bytes", "where", "becomes", "why"});
  table.left(1);
  table.left(2);
  table.left(4);
  table.left(5);
  table.left(6);
  for (std::size_t i = 0; i < std::min(most, model.weights.size()); ++i) {
    const octet::WeightSummary& w = model.weights[i];
    table.row(
        {w.name, w.type, shape_text(w.shape), human_bytes(w.bytes), w.where, w.storage, w.reason});
  }
  std::string out = table.text(environment);
  if (model.weights.size() > most)
    out += fmt::format("  … and {} smaller; --all shows them\n", model.weights.size() - most);
  return out + "\n";
}

std::string text(const Environment& environment, const octet::Inspection& model, bool all) {
  const std::size_t most = all || environment.whole ? SIZE_MAX : most_lines;
  std::string opsets;
  for (const auto& [domain, version] : model.opsets)
    opsets += fmt::format("{}{} {}", opsets.empty() ? "" : ", ", domain, version);
  std::string operators;
  for (const auto& [op, count] : model.operators)
    operators += fmt::format("{}{} {}", operators.empty() ? "" : ", ", count, op);
  std::string out = fmt::format("{}: {}, IR {}, opset {}{}\n",
                                toned(environment, Tone::title, one_line(model.model)),
                                human_bytes(model.file_bytes), model.ir_version, one_line(opsets),
                                model.producer.empty() ? "" : ", from " + one_line(model.producer));
  out += fmt::format("Operators: {}\n\n", one_line(operators));
  out +=
      values(environment, "inputs", model.inputs) + values(environment, "outputs", model.outputs);
  out += weights(environment, model, most);
  out += "What quantize would do:\n" + decisions_table(environment, model.plan, most);
  return out + "\n" + forms_table(environment, model.plan);
}

}  // namespace

Run add_inspect(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet inspect model.onnx\n"
      "  octet inspect model.onnx --all --exclude op:Conv\n"
      "  octet inspect model.onnx --json | jq '.plan.decisions[] | select(.form == \"float\")'");
  app.add_option("model", a->model, "ONNX model")->capture_default_str();
  app.add_flag("--all", a->all, "Every weight and every decision, not only the largest");
  app.add_flag("--json", a->json, "As JSON");
  a->planning.add_to(app);
  return [a, &environment] {
    const octet::Inspection model = octet::inspect(a->model, a->planning.finish());
    print(a->json ? octet::to_json(model) : text(environment, model, a->all));
    return exit_yes;
  };
}

}  // namespace octet::cli
