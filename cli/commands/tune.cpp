#include "octet/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "options.hpp"
#include "stage.hpp"
#include "supervisor.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string model = default_model;
  std::string output;
  std::string save_plan;
  std::string journal;
  bool no_cache = false;
  bool json = false;
  octet::TuneOptions options;
  PlanArguments planning;
  DataArguments data;
  RuntimeArguments runtime;
};

// "90", "90s", "5m" and "2h" as seconds; what is none of them is left for the number's own check.
std::string seconds_of(const std::string& text) {
  const std::size_t digits = text.size() - (text.empty() ? 0 : 1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits) return text;
  const char unit = text[digits];
  const double factor = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
  return factor > 0 ? fmt::format("{}", factor * value) : text;
}

std::string output_for(const Arguments& a) {
  if (!a.output.empty()) return a.output;
  std::filesystem::path path = a.model;
  return path.replace_filename(path.stem().string() + ".int8.onnx").string();
}

octet::TuneOptions options_of(const Arguments& a, const Environment& environment) {
  octet::TuneOptions options = a.options;
  const std::string output = output_for(a);
  options.planning = a.planning.finish();
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  options.save_plan = a.save_plan.empty() ? output + ".plan.json" : a.save_plan;
  options.journal = a.journal.empty() ? output + ".tune.jsonl" : a.journal;
  if (!a.no_cache) options.cache = environment.cache;
  // A plan whose model took the process with it: the others are known.
  if (times_restarted() > 0) options.resume = true;
  return options;
}

void check_files(const Arguments& a) {
  if (a.planning.costs.empty()) return;
  octet::FileRoles roles;
  roles.inputs = {a.planning.costs};
  roles.outputs = {output_for(a)};
  octet::check(roles);
}

std::string share(double error) {
  return fmt::format("{:.3g} %", 100 * std::sqrt(error));
}

std::string table_of(const Environment& environment, const octet::TuneReport& report) {
  Table table({"plan", "size", "time", "error", "max diff", "INT8", "stored", ""});
  table.left(7);
  for (const octet::TunePoint& point : report.pareto) {
    const std::string time = point.ratio ? fmt::format("{:.2f} ({:.2f} … {:.2f})", *point.ratio,
                                                       *point.ratio_low, *point.ratio_high)
                                         : "-";
    table.row({point.plan, human_bytes(point.bytes), time, share(point.error),
               human_number(point.max_abs_diff), fmt::format("{}", point.computed),
               fmt::format("{}", point.stored), point.chosen ? "chosen" : ""});
  }
  return table.text(environment);
}

std::string text(const Environment& environment, const octet::TuneReport& report) {
  std::string out = table_of(environment, report);
  out += fmt::format(
      "\nTime as a share of the float model's{}, error of the answers (L2, the worst output). None "
      "of these\nbeats another in size, time and error at once. Measured on {}.\n",
      report.float_us > 0 ? fmt::format(" ({} a call)", human_time(report.float_us / 1e6)) : "",
      one_line(report.data));
  out += fmt::format("{} run, {} known from before{}; {} timed alone, {} known; {} ({})\n",
                     counted(report.tried, "plan"), report.remembered,
                     report.crashed > 0 ? fmt::format(", {} crashed", report.crashed) : "",
                     counted(report.nodes_measured, "node"), report.nodes_remembered,
                     report.complete ? "nothing is left to try" : "the time ended",
                     human_time(report.seconds));
  return out;
}

// What was found is on disk: the journal, and the best plan and model, once there was one.
int stopped(const octet::TuneOptions& options) {
  Stage goodbye;
  goodbye.news = Stage::News::goodbye;
  tell(goodbye);
  complain(fmt::format("stopped; what was found so far is written, and --resume goes on with {}",
                       options.journal.string()));
  const int signal = stop_signal();
  return signal == 0 ? exit_interrupted : 128 + signal;
}

int run(const Arguments& a, const Environment& environment) {
  check_files(a);
  const octet::TuneOptions options = options_of(a, environment);
  octet::TuneReport report;
  try {
    Stage again;
    again.news = Stage::News::again;
    tell(again);
    ProgressLine progress(environment, options.time_budget);
    octet::TuneOptions with_progress = options;
    with_progress.progress = progress.callback();
    report = octet::tune(a.model, output_for(a), with_progress);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) throw;
    return stopped(options);
  }
  warn(report.warnings);
  if (a.json) {
    print(octet::to_json(report));
    return report.written ? exit_yes : exit_no;
  }
  if (!report.written) {
    complain(fmt::format("{}: {}", report.model, report.detail));
    return exit_no;
  }
  const std::string data = report.data_file.empty() ? "" : " and " + report.data_file;
  print(text(environment, report) + fmt::format("Wrote {}\n", one_line(report.output + data)));
  return exit_yes;
}

}  // namespace

Run add_tune(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet tune model.onnx --data rows.npy\n"
      "  octet tune model.onnx --data rows.npy --objective size --min-agreement 0.99\n"
      "  octet tune model.onnx --data rows.npy --max-size 12MB --time-budget 20m\n"
      "  octet tune model.onnx --data rows.npy --max-size 12MB --resume\n\n"
      "Each better model is written at once, proven, with its plan beside it. Stopped at any "
      "moment, the\nsearch goes on with --resume. Exit code 1, and no model: no plan keeps to all "
      "that was asked for.");
  app.add_option("model", a->model, "Float ONNX model")->capture_default_str();
  app.add_option("-o,--output", a->output,
                 "INT8 model (default: beside the input, <name>.int8.onnx)")
      ->type_name("FILE");
  app.add_option("--save-plan", a->save_plan, "The best plan (default: <output>.plan.json)")
      ->type_name("FILE");
  app.add_option("--journal", a->journal,
                 "What was learned, a line a plan (default: <output>.tune.jsonl)")
      ->type_name("FILE");
  app.add_flag("--no-cache", a->no_cache,
               "Measure nodes anew and keep nothing in the user's cache folder");
  add_fields(app, a->options);
  app.get_option("--max-size")->transform(CLI::AsSizeValue(true));
  app.get_option("--time-budget")->transform(seconds_of);
  app.get_option("--speed-seconds")->envname("OCTET_SPEED_SECONDS");
  add_fields(app, a->options.tolerances,
             "Tolerances (without: by what the values are, see docs/numerics.md)");
  app.add_flag("--json", a->json, "The report as JSON");
  a->data.add_to(app);
  a->planning.add_to(app);
  a->runtime.add_to(app);
  return [a, &environment] { return run(*a, environment); };
}

}  // namespace octet::cli
