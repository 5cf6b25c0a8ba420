// Measures a target's table of costs on this machine and writes it: bench/README.md, "Costs".
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/cpu.hpp"
#include "cost/costs.hpp"
#include "cost/targets.hpp"
#include "costs/cases.hpp"
#include "costs/fit.hpp"
#include "costs/masked_runtime.hpp"
#include "costs/saturation.hpp"
#include "costs/timing.hpp"
#include "octet/error.hpp"

namespace octet::bench {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct Arguments {
  std::string target = "native";
  std::string library = "build/ort/lib/libonnxruntime.so.1";
  std::string table;    // written; what is not measured is kept from it, else from the built-in one
  std::string samples;  // raw data
  std::vector<std::string> kinds;
  unsigned rounds = 21;
};

std::vector<Case> cases_of(cost::Kind kind) {
  switch (kind) {
    case cost::Kind::product:
      return product_cases();
    case cost::Kind::convolution:
      return convolution_cases();
    case cost::Kind::lookup:
      return lookup_cases();
    case cost::Kind::lstm:
      break;
  }
  return lstm_cases();
}

// Four digits: more would claim what no measurement gives.
cost::Terms rounded(cost::Terms rates) {
  for (double& rate : rates) rate = std::stod(fmt::format("{:.4g}", rate));
  return rates;
}

std::string today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::now()));
}

class Measurement {
 public:
  Measurement(const Arguments& arguments, std::string target, fs::path folder)
      : arguments_(arguments), target_(std::move(target)) {
    octet::RuntimeOptions options;
    options.library = arguments.library;
    const std::string_view here = cost::target_of(base::cpu_info());
    if (target_ != here) {
      pretend_to_be(target_);
      options.library = write_masked_copy(arguments.library, folder);
    }
    library_ = runtime::load_library(options);
    source_ = fmt::format("{} ({}{}), {}, ONNX Runtime {}, measure_costs --target {}",
                          base::cpu_info().model, here,
                          target_ == here ? "" : fmt::format(" masked as {}", target_), today(),
                          runtime::describe(*library_).version, target_);
    samples_ = {{"source", source_}, {"rounds", arguments.rounds}};
    saturates_ = bench::saturates(library_);
  }

  cost::Rates measure(cost::Kind kind) {
    const std::vector<Timing> timings = time_cases(library_, cases_of(kind), arguments_.rounds);
    std::vector<Sample> real;
    std::vector<Sample> int8;
    for (const Timing& t : timings) {
      real.push_back({t.real_terms, t.real_ns});
      int8.push_back({t.int8_terms, t.int8_ns});
    }
    const auto fitted = [&](const std::vector<Sample>& samples, cost::Arithmetic arithmetic) {
      const auto names = cost::term_names(kind, arithmetic);
      const Fit result = fit(samples, names.size());
      fmt::print("{} {}: rms {:.1f} %, worst {:.0f} %\n", cost::name_of(kind),
                 cost::name_of(arithmetic), 100 * result.rms, 100 * result.worst);
      for (std::size_t i = 0; i < names.size(); ++i) {
        fmt::print("    {:20} {:12.5f} ns\n", names[i], result.rates.at(i));
      }
      return rounded(result.rates);
    };
    cost::Rates out = {true, source_, fitted(real, cost::Arithmetic::real),
                       fitted(int8, cost::Arithmetic::int8)};
    compare(kind, timings, out);
    return out;
  }

  [[nodiscard]] bool saturates() const { return saturates_; }
  [[nodiscard]] const Json& samples() const& { return samples_; }

 private:
  // What was measured beside what the fitted table says, and where they disagree about paying.
  void compare(cost::Kind kind, const std::vector<Timing>& timings, const cost::Rates& rates) {
    fmt::print(
        "\n| {} | float us | INT8 us | ratio | predicted | error | |\n"
        "|---|--:|--:|--:|--:|--:|---|\n",
        cost::name_of(kind));
    Json list = Json::array();
    for (const Timing& t : timings) {
      const cost::Estimate guess = {predict(t.real_terms, rates.real),
                                    predict(t.int8_terms, rates.int8)};
      const char* verdict = "";
      if (guess.pays() && t.ratio > 1) verdict = "slower than predicted";
      if (!guess.pays() && t.ratio < cost::most_ratio) verdict = "would have paid";
      fmt::print("| {} | {:.2f} | {:.2f} | {:.2f} | {:.2f} | {:.4f} | {} |\n", t.label,
                 t.real_ns / 1e3, t.int8_ns / 1e3, t.ratio, guess.ratio(), t.error, verdict);
      list.push_back({{"case", t.label},
                      {"float_ns", t.real_ns},
                      {"int8_ns", t.int8_ns},
                      {"ratio", t.ratio},
                      {"predicted_float_ns", guess.float_ns},
                      {"predicted_int8_ns", guess.int8_ns},
                      {"relative_l2", t.error}});
    }
    fmt::print("\n");
    samples_[std::string(cost::name_of(kind))] = std::move(list);
  }

  const Arguments& arguments_;
  std::string target_;
  std::string source_;
  std::shared_ptr<const runtime::Library> library_;
  bool saturates_ = false;
  Json samples_;
};

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) throw Error(ErrorCode::io, fmt::format("{}: cannot write", path));
}

cost::Table start_of(const Arguments& arguments, const std::string& target) {
  if (!arguments.table.empty() && fs::exists(arguments.table)) {
    std::ostringstream text;
    text << std::ifstream(arguments.table).rdbuf();
    return cost::table_from_json(text.str(), arguments.table);
  }
  return cost::table_from_json(cost::built_in_table(target), target);
}

void run(const Arguments& arguments) {
  const std::string target(cost::cpus_of(arguments.target).front());
  const fs::path folder = fs::temp_directory_path() / fmt::format("measure_costs-{}", ::getpid());
  fs::create_directories(folder);
  cost::Table table = start_of(arguments, target);
  table.target = target;
  try {
    Measurement measurement(arguments, target, folder);
    if (measurement.saturates() != table.saturates) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("products {} here, but not on {}: this is another kind of CPU",
                              table.saturates ? "are exact" : "saturate", target));
    }
    for (const cost::Kind kind : cost::all_kinds) {
      const std::string name(cost::name_of(kind));
      const auto& kinds = arguments.kinds;
      if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), name) == kinds.end()) continue;
      table.of(kind) = measurement.measure(kind);
    }
    if (!arguments.table.empty()) write(arguments.table, cost::to_json(table));
    if (!arguments.samples.empty()) {
      write(arguments.samples, measurement.samples().dump(1) + "\n");
    }
  } catch (...) {
    fs::remove_all(folder);
    throw;
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace octet::bench

int main(int argc, char** argv) {
  octet::bench::Arguments arguments;
  CLI::App app(
      "Measures what products, convolutions, lookups and LSTMs take in float and in INT8, "
      "one thread, and fits a target's table of costs.");
  app.add_option("--target", arguments.target,
                 "The CPU to measure: native, or an older kind this one can be masked as");
  app.add_option("--ort", arguments.library, "The ONNX Runtime library");
  app.add_option("--table", arguments.table,
                 "Write the table here (src/cost/tables/<target>.json)");
  app.add_option("--samples", arguments.samples, "Write every case here");
  app.add_option("--only", arguments.kinds, "product, convolution, lookup, lstm")->delimiter(',');
  app.add_option("--rounds", arguments.rounds, "How often each case is timed");
  CLI11_PARSE(app, argc, argv);
  try {
    octet::bench::run(arguments);
  } catch (const octet::Error& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  return 0;
}
