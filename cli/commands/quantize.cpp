#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "commands/plan_table.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "limits.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "octet/quantize.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string input = default_model;
  std::string output;
  std::string plan;
  std::string save_plan;
  bool json = false;
  octet::QuantizeOptions options;
  PlanArguments planning;
  DataArguments data;
  RuntimeArguments runtime;
};

std::string output_for(const Arguments& a) {
  if (!a.output.empty()) return a.output;
  std::filesystem::path path = a.input;
  return path.replace_filename(path.stem().string() + ".int8.onnx").string();
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
std::string listed(const std::vector<std::string>& nodes) {
  std::string out;
  for (std::size_t i = 0; i < std::min(nodes.size(), most_nodes); ++i)
    out += fmt::format("          {}\n", one_line(nodes[i]));
  if (nodes.size() > most_nodes)
    out += fmt::format("          and {} more\n", nodes.size() - most_nodes);
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
  for (std::size_t i = 0; i < std::min(outputs.size(), most_outputs); ++i)
    out += fmt::format("        {}\n", judged_by(outputs[i]));
  if (outputs.size() > most_outputs)
    out += fmt::format("        and {} more outputs\n", outputs.size() - most_outputs);
  if (!gate.repaired.empty())
    out += fmt::format("        {} got precision back, the worst first ({} tried):\n{}",
                       counted(gate.repaired.size(), "node"), counted(gate.tried, "plan"),
                       listed(gate.repaired));
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
    out += "        Slower in INT8 on this machine, and float again:\n" + listed(gate.taken_back);
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
  const bool answer_is_no = is_refused || (report.unchanged && !options.allow_unchanged);
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

}  // namespace

Run add_quantize(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet quantize                                  artifacts/model.onnx -> "
      "artifacts/model.int8.onnx\n"
      "  octet quantize bert.onnx -o small.onnx --data rows.npz\n"
      "  octet quantize cnn.onnx --exclude 'head/*' --exclude op:Gemm --save-plan plan.json\n"
      "  octet quantize cnn.onnx --plan plan.json --dry-run\n"
      "  octet quantize large.onnx --timeout 3600 --max-memory 4GB\n\n"
      "The result is loaded and run on ONNX Runtime, with optimisations on and off, before the "
      "file appears.\n"
      "Its answers are held against the float model's; where they differ too much, nodes get "
      "their\n"
      "precision back until they do not.\n"
      "Exit code 1, and nothing written: nothing to quantize, or no plan's answers hold.");
  app.add_option("input", a->input, "Float ONNX model")->capture_default_str();
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
  app.add_flag("--json", a->json, "The report as JSON");
  a->data.add_to(app);
  a->runtime.add_to(app, false);
  return [a, &environment] { return run(*a, environment); };
}

}  // namespace octet::cli
