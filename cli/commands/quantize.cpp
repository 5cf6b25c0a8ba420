#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "commands/batch.hpp"
#include "commands/commands.hpp"
#include "commands/plan_table.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "limits.hpp"
#include "models.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "octet/inspect.hpp"
#include "octet/quantize.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::vector<std::string> inputs = {default_model};
  std::string input;  // the one in hand
  std::string output;
  std::string plan;
  std::string save_plan;
  bool json = false;
  bool ok_unchanged = false;
  octet::QuantizeOptions options;
  PlanArguments planning;
  DataArguments data;
  RuntimeArguments runtime;
};

std::string output_for(const Arguments& a) {
  return a.output.empty() ? int8_name(a.input) : a.output;
}

std::string judged_by(const octet::OutputParity& output) {
  if (output.rule == "labels")
    return fmt::format("{:.2f} % of \"{}\" agree", 100 * output.label_agreement.value_or(1),
                       one_line(output.name));
  if (std::isinf(output.sqnr_db)) return fmt::format("\"{}\" is equal", one_line(output.name));
  return fmt::format("\"{}\" max {}, mean {}, signal {:.1f} dB", one_line(output.name),
                     human_number(output.max_abs_diff), human_number(output.mean_abs_diff),
                     output.sqnr_db);
}

constexpr std::size_t most_outputs = 4;
constexpr std::size_t most_nodes = 5;

// A line each.
std::string listed(const Environment& environment, const std::vector<std::string>& nodes) {
  std::string out;
  const std::size_t most = environment.whole ? nodes.size() : std::min(nodes.size(), most_nodes);
  for (std::size_t i = 0; i < most; ++i) out += fmt::format("          {}\n", one_line(nodes[i]));
  if (nodes.size() > most)
    out += fmt::format("          and {} more (--verbose)\n", nodes.size() - most);
  return out;
}

// How the result answers, output by output, those that failed first.
std::string gate_lines(const Environment& environment, const octet::QuantizeReport& report) {
  using Status = octet::Gate::Status;
  const octet::Gate& gate = report.gate;
  if (!gate.parity)
    return fmt::format("Gate    {}: {}\n", toned(environment, Tone::bad, "not held"),
                       one_line(gate.detail));
  const bool passed = gate.status == Status::passed;
  const octet::ParityReport& parity = *gate.parity;
  std::string out = fmt::format(
      "Gate    {} on {} ({})\n",
      passed ? toned(environment, Tone::good, "passed") : toned(environment, Tone::bad, "FAILED"),
      one_line(parity.data), human_time(report.gate_seconds));
  std::vector<octet::OutputParity> outputs = parity.outputs;
  std::stable_partition(outputs.begin(), outputs.end(), [](const auto& o) { return !o.passed; });
  const std::size_t most =
      environment.whole ? outputs.size() : std::min(outputs.size(), most_outputs);
  for (std::size_t i = 0; i < most; ++i) out += fmt::format("        {}\n", judged_by(outputs[i]));
  if (outputs.size() > most)
    out += fmt::format("        and {} more outputs (--verbose)\n", outputs.size() - most);
  if (!gate.repaired.empty())
    out += fmt::format("        {} got precision back, the worst first ({} tried):\n{}",
                       counted(gate.repaired.size(), "node"), counted(gate.tried, "plan"),
                       listed(environment, gate.repaired));
  return out;
}

std::string speed_lines(const Environment& environment, const octet::Gate& gate) {
  std::string out;
  for (const octet::Speed& speed : gate.speed) {
    const Tone tone = speed.verdict == "slower"   ? Tone::bad
                      : speed.verdict == "faster" ? Tone::good
                                                  : Tone::plain;
    out +=
        fmt::format("{}{} in a call of {}: {:.2f} of the float model's time ({:.2f} … {:.2f})\n",
                    out.empty() ? "Speed   " : "        ", toned(environment, tone, speed.verdict),
                    counted(speed.rows, "row"), speed.ratio, speed.ratio_low, speed.ratio_high);
  }
  if (!gate.taken_back.empty()) {
    out += "        Slower in INT8 on this machine, and float again:\n" +
           listed(environment, gate.taken_back);
  }
  return out;
}

std::string proof_line(const Environment& environment, const octet::QuantizeReport& report) {
  using Status = octet::Proof::Status;
  const octet::Proof& proof = report.proof;
  const std::string detail = one_line(proof.detail);
  if (proof.status == Status::passed) {
    std::string out = fmt::format("Proof   {}: ONNX Runtime {}, {} ({})\n",
                                  toned(environment, Tone::good, "passed"), proof.runtime_version,
                                  detail, human_time(report.proof_seconds));
    if (proof.max_abs_diff && !report.gate.parity) {
      out += fmt::format("Answers differ by up to {} from the float model's; octet parity judges\n",
                         human_number(*proof.max_abs_diff));
    }
    return out;
  }
  const char* word = proof.status == Status::skipped ? "skipped" : "incomplete";
  return fmt::format("Proof   {}: {}\n", toned(environment, Tone::bad, word), detail);
}

std::string summary(const Environment& environment, const octet::QuantizeReport& report) {
  std::string out = forms_table(environment, report.plan);
  const std::string floats = floats_table(environment, report.plan);
  if (!floats.empty()) out += "\n" + floats;
  const double share =
      100.0 * static_cast<double>(report.bytes_after) / static_cast<double>(report.bytes_before);
  out += fmt::format("\nSize    {} -> {} ({:.0f} %) in {}\n", human_bytes(report.bytes_before),
                     human_bytes(report.bytes_after), share, human_time(report.seconds));
  out += fmt::format("Weights {} -> {}, {:.1f} % of them in INT8\n",
                     human_bytes(report.weight_bytes_before),
                     human_bytes(report.weight_bytes_after), 100 * report.int8_share);
  if (report.flushed)
    out += fmt::format("Floats  {} subnormal weights are zeros now\n", report.subnormal_weights);
  return out;
}

// The library knows all of it but the files that the plan and the costs came from.
void check_files(const Arguments& a) {
  octet::FileRoles roles;
  for (const std::string& file : {a.plan, a.planning.costs}) {
    if (!file.empty()) roles.inputs.emplace_back(file);
  }
  if (roles.inputs.empty()) return;
  roles.outputs = {output_for(a)};
  if (!a.save_plan.empty()) roles.outputs.emplace_back(a.save_plan);
  octet::check(roles);
}

// Whether a file of this name may be written without -o: there is none, or it holds a result.
bool may_be_output(const std::string& path) {
  std::error_code unseen;
  if (!std::filesystem::exists(path, unseen)) return true;
  try {
    return octet::holds_int8(path);
  } catch (const Error&) {
    return false;
  }
}

int run(const Arguments& a, const Environment& environment) {
  octet::QuantizeOptions options = a.options;
  check_files(a);
  options.planning = a.planning.finish();
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  options.runtime.threads = 1;
  options.threads = bounded_threads(options.threads);
  options.save_plan = a.save_plan;
  if (!a.plan.empty()) options.plan = octet::plan_from_json(octet::read_text(a.plan), a.plan);

  octet::QuantizeReport report;
  {
    ProgressLine progress(environment);
    options.progress = progress.callback();
    report = octet::quantize(a.input, output_for(a), options);
  }
  warn(report.warnings);
  const bool is_refused = report.gate.status == octet::Gate::Status::failed && !options.keep_best;
  const bool is_unproven =
      options.require_proof && !options.dry_run && !report.written && !report.unchanged;
  const bool answer_is_no = is_refused || is_unproven || !report.shortfall.empty() ||
                            (report.unchanged && !options.allow_unchanged);
  if (report.unchanged && a.ok_unchanged && !report.written) {
    a.json ? print(octet::to_json(report)) : warn({report.input + ": " + report.detail});
    return exit_yes;
  }
  if (a.json) {
    print(octet::to_json(report));
    return answer_is_no ? exit_no : exit_yes;
  }
  if (answer_is_no) {
    complain(fmt::format("{}: {}", report.input, report.detail));
    return exit_no;
  }
  print(summary(environment, report) + gate_lines(environment, report) +
        speed_lines(environment, report.gate));
  if (report.written) {
    print(proof_line(environment, report));
    const std::string data = report.data_file.empty() ? "" : " and " + report.data_file;
    print(fmt::format("Wrote {}\n", one_line(report.output + data)));
  } else {
    print("Dry run: nothing written\n");
  }
  return exit_yes;
}

// Where the result of the model goes in a folder of results.
std::string inside(const std::filesystem::path& folder, const std::string& model) {
  return (folder / std::filesystem::path(int8_name(model)).filename()).string();
}

// `octet quantize IN OUT`, or as many models as there are words, each result beside its model or in
// the folder that -o names.
int run_all(Arguments& a, const Environment& environment) {
  const bool names_output =
      a.inputs.size() == 2 && a.output.empty() && !std::filesystem::is_directory(a.inputs[0]);
  if (names_output && std::filesystem::is_directory(a.inputs[1])) {
    a.output = inside(a.inputs[1], a.inputs[0]);
    a.inputs.pop_back();
  } else if (names_output) {
    if (!may_be_output(a.inputs[1])) {
      throw Error(
          ErrorCode::invalid_argument,
          fmt::format("{}: it would be the output, but it is no INT8 model; name the output "
                      "with -o, or a folder for several models: octet quantize {} {} -o "
                      "out/",
                      a.inputs[1], a.inputs[0], a.inputs[1]));
    }
    a.output = a.inputs[1];
    a.inputs.pop_back();
  }
  const std::vector<std::string> models = models_in(a.inputs);
  const bool into_folder = a.output.ends_with('/') || std::filesystem::is_directory(a.output);
  if (models.size() == 1) {
    a.input = models[0];
    if (into_folder) a.output = inside(a.output, a.input);
    return run(a, environment);
  }
  if (!a.plan.empty() || !a.save_plan.empty()) {
    throw Error(ErrorCode::invalid_argument, "--plan and --save-plan are for one model, not for " +
                                                 std::to_string(models.size()));
  }
  const std::string folder = a.output;
  return for_each_model(environment, models, [&](const std::string& model) {
    a.input = model;
    if (!folder.empty()) a.output = inside(folder, model);
    return run(a, environment);
  });
}

}  // namespace

Run add_quantize(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet quantize                                  artifacts/model.onnx -> "
      "artifacts/model.int8.onnx\n"
      "  octet quantize bert.onnx small.onnx --data rows.npz\n"
      "  octet quantize models/ -o out/                  every .onnx in the folder\n"
      "  octet quantize cnn.onnx --exclude 'head/*' --exclude op:Gemm --save-plan plan.json\n"
      "  octet quantize cnn.onnx --plan plan.json --dry-run\n"
      "  octet quantize large.onnx --timeout 3600 --max-memory 4GB\n\n"
      "The result is loaded and run on ONNX Runtime, with optimisations on and off, before the "
      "file appears.\n"
      "Its answers are held against the float model's; where they differ too much, nodes get "
      "their\n"
      "precision back until they do not.\n"
      "Exit code 1, and nothing written: nothing to quantize, or no plan's answers hold.");
  app.add_option("input", a->inputs,
                 "Float ONNX model; a second name is the output; or several, or a folder")
      ->default_str(default_model);
  app.add_option("-o,--output", a->output,
                 "INT8 model (default: beside the input, <name>.int8.onnx)")
      ->type_name("FILE");
  a->planning.add_to(app);
  const char* const group = "Plans";
  CLI::Option* const plan =
      app.add_option("--plan", a->plan, "Carry out this plan instead of making one")
          ->type_name("FILE")
          ->group(group);
  for (CLI::Option* const option : app.get_options()) {  // a plan leaves nothing to wish for
    if (option->get_group() == plan_group) plan->excludes(option);
  }
  app.add_option("--save-plan", a->save_plan, "Write the plan, one decision a line")
      ->type_name("FILE")
      ->group(group);
  add_fields(app, a->options);
  app.get_option("--dry-run")->group(group);
  app.get_option("--speed-seconds")->envname("OCTET_SPEED_SECONDS");
  add_fields(app, a->options.tolerances,
             "Tolerances (without: by what the values are, see docs/numerics.md)");
  app.add_flag("--ok-unchanged", a->ok_unchanged,
               "Exit code 0 where there is nothing to quantize; nothing is written");
  app.add_flag("--json", a->json, "The report as JSON; for several models one after the other");
  a->data.add_to(app);
  a->runtime.add_to(app, false);
  return [a, &environment] { return run_all(*a, environment); };
}

}  // namespace octet::cli
