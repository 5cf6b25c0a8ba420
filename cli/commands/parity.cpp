#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <system_error>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "models.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "octet/parity.hpp"
#include "octet/parity_shards.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string reference = default_model;
  std::string candidate = default_int8;
  std::string report = default_report;
  std::string shard;
  std::string merge;
  bool json = false;
  octet::ParityOptions options;
  DataArguments data;
  RuntimeArguments runtime;
};

std::string share(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f} %", 100 * *value) : std::string("-");
}

// What an output was held to, in a few words.
std::string rule(const octet::ParityReport& report, const octet::OutputParity& output) {
  if (output.rule == "bounded")
    return fmt::format("max {:g}, mean {:g}", octet::bounded_abs_tol, octet::bounded_mean_tol);
  if (output.rule == "signal") return fmt::format("{:g} dB", octet::default_min_sqnr_db);
  if (output.rule == "given") return fmt::format("max {:g}", report.abs_tol);
  return output.rule == "none" ? "-" : "equal labels";
}

std::string labels(const octet::OutputParity& output) {
  if (!output.top5_agreement) return share(output.label_agreement);
  return fmt::format("{} (top 5 {})", share(output.label_agreement), share(output.top5_agreement));
}

std::string decibels(double value) {
  return std::isinf(value) && value > 0 ? std::string("equal") : fmt::format("{:.1f} dB", value);
}

std::string outputs_table(const Environment& environment, const octet::ParityReport& report) {
  Table table(
      {"output", "type", "max diff", "mean diff", "signal", "cosine", "labels", "held to", ""});
  table.left(1);
  table.left(7);
  table.left(8);
  for (const octet::OutputParity& output : report.outputs) {
    table.row(
        {output.name, output.type, human_number(output.max_abs_diff),
         human_number(output.mean_abs_diff), decibels(output.sqnr_db),
         fmt::format("{:.4f}", output.cosine_similarity), labels(output), rule(report, output),
         output.not_compared.empty() ? (output.passed ? "passed" : "FAILED") : "not compared"});
  }
  return table.text(environment);
}

std::string batches(const octet::ParityReport& report) {
  std::string out = fmt::format("Rows in one call: {}", report.batch);
  if (report.batch_coupling) {
    out += fmt::format("; with {} the candidate's answers change by up to {}",
                       report.batch_coupling_rows, human_number(*report.batch_coupling));
  }
  return out + "\n";
}

constexpr std::size_t most_columns = 12;
constexpr std::size_t most_remarks = 5;

// The worst row, column by column, and which of them may explain it.
std::string columns_of(const octet::ParityReport& report) {
  const std::vector<octet::RowColumn>& columns = report.worst_columns;
  std::string out;
  for (std::size_t i = 0; i < std::min(columns.size(), most_columns); ++i) {
    out += fmt::format("{}{} {}", i == 0 ? "       " : ", ", one_line(columns[i].name),
                       one_line(columns[i].value));
  }
  if (columns.size() > most_columns)
    out += fmt::format(" … and {} more columns", columns.size() - most_columns);
  if (!out.empty()) out += "\n";
  for (std::size_t i = 0; i < columns.size() && !columns[i].remark.empty(); ++i) {
    if (i == most_remarks) {
      out += "       … and more in the report\n";
      break;
    }
    out += fmt::format("       {} may explain it: {}\n", one_line(columns[i].name),
                       one_line(columns[i].remark));
  }
  return out;
}

std::string verdict(const Environment& environment, const octet::ParityReport& report) {
  std::string out = fmt::format(
      "\n{} on {}{}: max {}, mean {}",
      report.passed
          ? toned(environment, Tone::good, "PASSED")
          : toned(environment, Tone::bad, report.verdict == "failed" ? "FAILED" : "INCOMPLETE"),
      counted(report.rows, "row"), report.made_up ? " of made-up inputs" : "",
      human_number(report.max_abs_diff), human_number(report.mean_abs_diff));
  if (report.label_agreement)
    out += fmt::format(", labels agree {}", share(report.label_agreement));
  out += "\n";
  out += batches(report);
  const octet::OutputParity* worst = nullptr;
  for (const octet::OutputParity& output : report.outputs) {
    if (!output.not_compared.empty()) continue;
    if (worst == nullptr || output.max_abs_diff > worst->max_abs_diff) worst = &output;
  }
  if (worst != nullptr && worst->max_abs_diff > 0) {
    out += fmt::format(
        "Worst: row {} of \"{}\": {} became {}, from {}\n", worst->worst_row, one_line(worst->name),
        human_number(worst->worst_reference), human_number(worst->worst_candidate),
        worst->worst_input_row ? fmt::format("row {} of the data", *worst->worst_input_row)
                               : fmt::format("call {}", worst->worst_call));
  }
  out += columns_of(report);
  if (!report.reason.empty()) out += fmt::format("Why: {}\n", one_line(report.reason));
  if (!report.next_step.empty()) out += fmt::format("Next: {}\n", one_line(report.next_step));
  return out;
}

// "artifacts/parity.json" for the third of 16: "artifacts/parity.3-of-16.json".
std::string report_path(const Arguments& a) {
  if (a.shard.empty()) return a.report;
  const octet::ParityShard shard = octet::shard_from_text(a.shard);
  std::filesystem::path path = a.report;
  if (a.report == default_report)
    path.replace_extension(fmt::format("{}-of-{}.json", shard.index, shard.count));
  return path.string();
}

// The shares in a folder; whatever else has their extension is refused.
octet::ParityReport merged(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code failed;
  for (auto entry = std::filesystem::directory_iterator(folder, failed);
       !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    if (entry->path().extension() == ".json") paths.push_back(entry->path());
  }
  if (failed) throw Error(ErrorCode::io, fmt::format("{}: {}", folder, failed.message()));
  std::sort(paths.begin(), paths.end());
  std::vector<octet::ShardText> shards;
  for (const auto& path : paths) shards.push_back({path.string(), octet::read_text(path)});
  if (shards.empty())
    throw Error(ErrorCode::invalid_argument, folder + ": no shares (.json) in this folder");
  return octet::merge_parity(shards);
}

void show(const Arguments& a, const Environment& environment, const octet::ParityReport& report) {
  print(fmt::format("{} against {}, fed with {}\n\n", one_line(report.candidate),
                    one_line(report.reference), one_line(report.data)));
  print(outputs_table(environment, report) + verdict(environment, report));
  print(fmt::format("Wrote {}\n", one_line(a.report)));
}

int run(Arguments& a, const CLI::App& app, const Environment& environment) {
  if (a.merge.empty()) {
    complete_pair(app, "candidate", a.reference, a.candidate);
    expect_in_order("parity", a.reference, a.candidate);
  }
  octet::ParityOptions options = a.options;
  octet::FileRoles roles;
  if (a.merge.empty()) roles.models = {a.reference, a.candidate};
  roles.inputs.assign(a.data.files.begin(), a.data.files.end());
  roles.outputs = {report_path(a)};
  octet::check(roles);
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  octet::ParityReport report;
  {
    ProgressLine progress(environment);
    options.progress = progress.callback();
    if (!a.shard.empty()) {
      octet::write_text(
          report_path(a),
          octet::parity_shard(a.reference, a.candidate, options, octet::shard_from_text(a.shard)),
          roles);
    } else {
      report = a.merge.empty() ? octet::parity(a.reference, a.candidate, options) : merged(a.merge);
    }
  }
  if (!a.shard.empty()) {
    print(fmt::format("Wrote {}; octet parity --merge FOLDER joins all of them\n",
                      one_line(report_path(a))));
    return exit_yes;
  }
  report.date = utc_now();
  const std::string json = octet::to_json(report);
  octet::write_text(a.report, json, roles);
  warn(report.warnings);
  if (a.json) {
    print(json);
  } else {
    show(a, environment, report);
  }
  return report.passed ? exit_yes : exit_no;
}

}  // namespace

Run add_parity(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet parity --data test_rows.npy                        INT8 against FP32, the default "
      "files\n"
      "  octet parity bert.onnx                                   bert.int8.onnx against it\n"
      "  octet parity sklearn_probabilities.npy model.int8.onnx --data test_rows.npy\n"
      "  octet parity bert.onnx bert.int8.onnx --dim batch=4 --dim seq=128 --abs-tol 0.1\n\n"
      "Exit code 1 when an output is too far away (FAILED) or could not be compared (INCOMPLETE); "
      "the "
      "report says which, why, and which tolerance would have held.");
  app.add_option("reference", a->reference,
                 "Float ONNX model, or recorded outputs: .npy, .npz, .csv")
      ->capture_default_str();
  app.add_option("candidate", a->candidate,
                 "Model to judge (with a reference alone: its <name>.int8.onnx)")
      ->capture_default_str();
  app.add_option("--batch", a->options.batch,
                 "Rows in one call; 0: as many as the model fixes, else 1 (all where it does not "
                 "answer row by row)")
      ->capture_default_str()
      ->type_name("N");
  add_fields(app, a->options.tolerances,
             "Tolerances (without: by what the values are, see docs/numerics.md)");
  app.add_option("--report", a->report, "Where the report goes")
      ->capture_default_str()
      ->type_name("FILE");
  CLI::Option* const shard =
      app.add_option("--shard", a->shard,
                     "Compare one share of the calls, 3/16, and write what it came to; for many "
                     "machines")
          ->type_name("K/N");
  app.add_option("--merge", a->merge,
                 "The report of the whole out of a folder of shares, byte for byte what one "
                 "machine gives")
      ->type_name("FOLDER")
      ->excludes(shard);
  app.add_flag("--json", a->json, "The report as JSON on standard output too");
  a->data.add_to(app);
  a->runtime.add_to(app);
  return [a, &app, &environment] { return run(*a, app, environment); };
}

}  // namespace octet::cli
