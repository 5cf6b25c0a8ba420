#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "commands/child_process.hpp"
#include "commands/commands.hpp"
#include "commands/feed_files.hpp"
#include "exit_codes.hpp"
#include "field_options.hpp"
#include "models.hpp"
#include "octet/bench.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"
#include "octet/parity.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace octet::cli {
namespace {

struct Arguments {
  std::string baseline = default_model;
  std::string candidate = default_int8;
  std::string parity;
  bool json = false;
  bool fail_if_slower = false;
  octet::BenchOptions options;
  DataArguments data;
  RuntimeArguments runtime;
};

std::string ratio(double candidate, double baseline) {
  return baseline > 0 ? fmt::format("{:.2f}", candidate / baseline) : std::string("-");
}

std::string microseconds(double us) {
  return human_time(us * 1e-6);
}

void batch_rows(Table& table, const octet::BatchComparison& b) {
  const std::string prefix = fmt::format("batch {}: ", b.batch);
  const octet::LatencySummary& x = b.baseline;
  const octet::LatencySummary& y = b.candidate;
  table.row({prefix + "p50", microseconds(x.p50_us), microseconds(y.p50_us),
             fmt::format("{:.2f} ({:.2f} … {:.2f})", b.ratio, b.ratio_low, b.ratio_high)});
  table.row(
      {prefix + "p90", microseconds(x.p90_us), microseconds(y.p90_us), ratio(y.p90_us, x.p90_us)});
  table.row(
      {prefix + "p99", microseconds(x.p99_us), microseconds(y.p99_us), ratio(y.p99_us, x.p99_us)});
  table.row({prefix + "rows a second", human_number(x.throughput_per_s),
             human_number(y.throughput_per_s), ratio(y.throughput_per_s, x.throughput_per_s)});
}

// Of a report that is about `candidate`.
std::string parity_verdict(const std::string& path, const std::string& candidate) {
  const octet::ParityVerdict verdict = octet::verdict_from_json(octet::read_text(path), path);
  if (verdict.candidate != candidate) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: it is about {}, not about {}; run octet parity again", path,
                            verdict.candidate, candidate));
  }
  return verdict.passed ? "passed" : "FAILED";
}

// The files' names; the folders too where the names are the same.
std::pair<std::string, std::string> heads(const octet::BenchReport& r) {
  const std::filesystem::path a = r.baseline.model;
  const std::filesystem::path b = r.candidate.model;
  if (a.filename() == b.filename()) return {a.string(), b.string()};
  return {a.filename().string(), b.filename().string()};
}

std::string text(const Environment& environment, const octet::BenchReport& r,
                 const std::string& parity) {
  const auto [baseline, candidate] = heads(r);
  Table table({"", baseline, candidate, "ratio"});
  table.row({"file size", human_bytes(r.baseline.file_bytes), human_bytes(r.candidate.file_bytes),
             ratio(static_cast<double>(r.candidate.file_bytes),
                   static_cast<double>(r.baseline.file_bytes))});
  table.row({"load time", human_time(r.baseline.load_ms * 1e-3),
             human_time(r.candidate.load_ms * 1e-3),
             ratio(r.candidate.load_ms, r.baseline.load_ms)});
  table.row({"peak memory", human_bytes(r.baseline.peak_memory_bytes),
             human_bytes(r.candidate.peak_memory_bytes),
             ratio(static_cast<double>(r.candidate.peak_memory_bytes),
                   static_cast<double>(r.baseline.peak_memory_bytes))});
  for (const octet::BatchComparison& batch : r.batches) batch_rows(table, batch);
  if (!parity.empty()) table.row({"parity", "", parity, ""});
  std::string out = table.text(environment);
  const Tone tone = r.verdict == "slower"   ? Tone::bad
                    : r.verdict == "faster" ? Tone::good
                                            : Tone::plain;
  out += fmt::format("\n{} against {}: {}. {}, {}, ONNX Runtime {}, fed with {}\n",
                     one_line(candidate), one_line(baseline), toned(environment, tone, r.verdict),
                     r.cpu, counted(r.threads, "thread"), r.runtime_version, one_line(r.data));
  return out;
}

int run(Arguments& a, const CLI::App& app, const Environment& environment) {
  complete_pair(app, "candidate", a.baseline, a.candidate);
  expect_in_order("bench", a.baseline, a.candidate);
  octet::BenchOptions options = a.options;
  options.data = a.data.finish();
  options.runtime = a.runtime.finish(environment);
  const double measuring =
      static_cast<double>(options.batches.size()) * (options.seconds + 4 * options.warmup_seconds);
  if (options.runtime.timeout_seconds > 0) options.runtime.timeout_seconds += measuring;
  options.peak_memory = [&](const octet::ModelSource& model, const octet::DataOptions& feed) {
    const FeedFiles files(feed);
    return peak_memory_of(model, files.arguments(), options.runtime, environment);
  };
  const std::string parity = a.parity.empty() ? "" : parity_verdict(a.parity, a.candidate);
  octet::BenchReport report;
  {
    ProgressLine progress(environment, measuring);
    options.progress = progress.callback();
    report = octet::bench(a.baseline, a.candidate, options);
  }
  warn(report.warnings);
  print(a.json ? octet::to_json(report) : text(environment, report, parity));
  if (!a.fail_if_slower) return exit_yes;
  if (report.verdict == "cannot tell") return exit_could_not;
  return report.verdict == "slower" ? exit_no : exit_yes;
}

}  // namespace

Run add_bench(CLI::App& app, const Environment& environment) {
  auto a = std::make_shared<Arguments>();
  app.footer(
      "Examples:\n"
      "  octet bench                                     the default files, batch 1\n"
      "  octet bench fp32.onnx int8.onnx --batch 1,8,128 --threads 4\n"
      "  octet bench --data rows.npy --json > bench.json\n\n"
      "Both models run in turn, in one process, on the same inputs; the ratio comes with its 95 % "
      "confidence interval.");
  app.add_option("baseline", a->baseline, "Float model")->capture_default_str();
  app.add_option("candidate", a->candidate,
                 "INT8 model (with a baseline alone: its <name>.int8.onnx)")
      ->capture_default_str();
  add_fields(app, a->options);
  app.add_option("--parity", a->parity, "A parity report whose verdict becomes the last row")
      ->type_name("FILE");
  app.add_flag("--fail-if-slower", a->fail_if_slower,
               "Exit code 1 when the candidate is slower, 2 when that cannot be told");
  app.add_flag("--json", a->json, "The report as JSON, every sample included");
  a->data.add_to(app);
  a->runtime.add_to(app);
  return [a, &app, &environment] { return run(*a, app, environment); };
}

}  // namespace octet::cli
