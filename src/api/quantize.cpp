// Float ONNX in, INT8 ONNX out, as a table of contents: read, plan, edit, lay out, fill, prove,
// publish.
#include "octet/quantize.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstring>

#include "base/atomic_text.hpp"
#include "base/file_roles.hpp"
#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "measure/parity_judgement.hpp"
#include "octet/error.hpp"
#include "plan/accounting.hpp"
#include "plan/apply.hpp"
#include "plan/flush.hpp"
#include "plan/planner.hpp"
#include "plan/weight_account.hpp"
#include "publish/data_file.hpp"
#include "publish/staged_result.hpp"
#include "trial/proof.hpp"
#include "tune/gate.hpp"
#include "tune/likely_dims.hpp"

namespace octet {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Everything up to the layout. Weights that are to change were looked at once, for NaN and
// infinity; nothing is written yet, and every size is known.
struct Prepared {
  Prepared(const ModelSource& model, const QuantizeOptions& options)
      : graph(graph::Graph::import(model)),
        survey(graph, tuning::likely_dims(graph, options.data)),
        overlay(graph) {}
  graph::Graph graph;
  forms::Survey survey;
  graph::Overlay overlay;
  graph::Layout layout;
  QuantizeReport report;
};

void check_options(const QuantizeOptions& options) {
  measure::check_tolerances(options.tolerances);
  constexpr double most = 1e6;
  const auto check = [](const char* name, double seconds) {
    if (seconds >= 0 && seconds <= most) return;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{} is {}; give seconds from 0 to a million", name, seconds));
  };
  check("--repair-seconds", options.repair_seconds);
  check("--speed-seconds", options.speed_seconds);
  if (!(options.require_share >= 0 && options.require_share <= 1)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("--require-share is {}; give a share from 0 to 1", options.require_share));
  }
}

// Everything that is read and written, checked before the long work.
base::FileRoles check_files(const graph::Graph& graph, const std::filesystem::path* output,
                            const QuantizeOptions& options) {
  base::FileRoles roles;
  for (const std::filesystem::path& file : graph.files()) roles.reads(file);
  for (const std::filesystem::path& file : options.data.files) roles.reads(file);
  if (output != nullptr) {
    roles.writes(*output);
    if (!options.dry_run) base::check_writable(*output, true);
  }
  if (!options.save_plan.empty()) {
    roles.writes(options.save_plan);
    base::check_writable(options.save_plan, false);
  }
  return roles;
}

// A result that was written although its gate failed says so itself, wherever it goes.
graph::LayoutOptions layout_options(const Prepared& p, const QuantizeOptions& options,
                                    std::string data_name) {
  graph::LayoutOptions layout;
  if (p.report.gate.status == Gate::Status::failed) {
    layout.metadata = {{"octet.gate", "failed"}};
    if (p.report.gate.parity)
      layout.metadata.emplace_back("octet.gate.reason", p.report.gate.parity->reason);
  }
  if (options.external_data) layout.weights = graph::Placement::in_data_file;
  layout.data_name = std::move(data_name);
  return layout;
}

void tick(const QuantizeOptions& options, std::string_view stage, std::uint64_t done,
          std::uint64_t total) {
  if (options.progress && !options.progress({stage, done, total, total != 0}))
    throw Error(ErrorCode::cancelled, "stopped on request");
}

// The caller's plan, or one made here; held against the float model, and mended, where that is
// wanted.
tuning::Passage planned(const ModelSource& model, Prepared& p, const QuantizeOptions& options) {
  const auto checkpoint = [&options] { tick(options, "read", 0, 0); };
  Plan plan = options.plan ? *options.plan
                           : plan::make(p.survey, options.planning, {options.threads, checkpoint});
  const auto start = Clock::now();
  tuning::Passage passage = tuning::pass(model, p.survey, std::move(plan), options);
  p.report.gate = std::move(passage.gate);
  p.report.gate_seconds = seconds_since(start);
  return passage;
}

// Of what stays float, now that this is known.
void flush(Prepared& p, bool flush) {
  const plan::SubnormalWeights found = plan::find_subnormals(p.overlay);
  p.report.subnormal_weights = found.count;
  p.report.flushed = flush && found.count > 0;
  if (p.report.flushed) plan::flush(found, p.overlay);
  if (found.count == 0 || p.report.flushed) return;
  p.report.warnings.push_back(fmt::format(
      "{} weights that stay float are subnormal, and products with them may take a hundred times "
      "as long; they are kept, because no gate has passed without them",
      found.count));
}

void prepare(const ModelSource& model, Prepared& p, const QuantizeOptions& options,
             const std::string& data_name) {
  p.report.input = p.graph.label();
  const tuning::Passage passage = planned(model, p, options);
  const auto checkpoint = [&options] { tick(options, "read", 0, 0); };
  p.report.plan = plan::apply(p.survey, passage.plan, p.overlay, options.threads, checkpoint);
  flush(p, passage.flush);
  p.layout = graph::lay_out(p.overlay, layout_options(p, options, data_name));
  plan::account_weights(p.survey, p.report);
  plan::account(p.graph, p.overlay, p.layout, p.report);
  p.report.shortfall = plan::shortfall(p.report, options);
}

bool is_refused(const QuantizeReport& report, const QuantizeOptions& options) {
  return report.gate.status == Gate::Status::failed && !options.keep_best;
}

// Where nothing is to be written although something was asked for, `report.detail` says why.
bool answer_is_no(const QuantizeReport& report, const QuantizeOptions& options) {
  return is_refused(report, options) || !report.shortfall.empty() ||
         (report.unchanged && !options.allow_unchanged);
}

// Where no proof is a reason not to deliver; `report.detail` then says so.
bool is_unproven(QuantizeReport& report, const QuantizeOptions& options) {
  if (!options.require_proof || report.proof.status == Proof::Status::passed) return false;
  report.detail = "the result could not be proven, as was required: " + report.proof.detail;
  return true;
}

// Where it was asked for; beside the output, when the gate failed and it was not.
void save_plan(Prepared& p, const std::filesystem::path* output, const QuantizeOptions& options,
               base::FileRoles roles) {
  std::filesystem::path path = options.save_plan;
  if (path.empty() && is_refused(p.report, options) && output != nullptr && !options.dry_run) {
    path = output->string() + ".plan.json";
    roles.writes(path);
  }
  if (!p.report.shortfall.empty()) p.report.detail = "not written: " + p.report.shortfall;
  if (is_refused(p.report, options)) p.report.detail = plan::gate_refusal(p.report, path.string());
  if (path.empty()) return;
  p.graph.verify();  // a plan of a file that is being written to would be no plan of anything
  base::write_text_file(path, to_json(p.report.plan), roles.widest_mode());
}

// The bytes that only the layout makes once more, now that the data file has its name. It is as
// long as the one before, so that everything else stays where it is.
void write_data_name(const Prepared& p, const QuantizeOptions& options, const std::string& name,
                     std::span<std::byte> model) {
  const graph::Layout named = graph::lay_out(p.overlay, layout_options(p, options, name));
  for (const graph::Placed& placed : named.model) {
    const std::string& fresh = placed.piece.fresh;
    if (!fresh.empty()) std::memcpy(model.data() + placed.offset, fresh.data(), fresh.size());
  }
}

graph::FillOptions fill_options(const QuantizeOptions& options) {
  graph::FillOptions fill;
  fill.threads = options.threads;
  if (options.progress) {
    fill.progress = [&options](std::uint64_t done, std::uint64_t total) {
      return options.progress({"quantize", done, total, true});
    };
  }
  return fill;
}

void add_proof(const ModelSource& model, const ModelSource& result, const QuantizeOptions& options,
               Prepared& p) {
  if (!options.prove) {
    p.report.proof.detail = "not asked for";
    return;
  }
  const auto start = Clock::now();
  tick(options, "prove", 0, 0);
  p.report.proof = trial::prove(model, p.graph, result, options, p.report.output, &p.report.gate);
  p.report.proof_seconds = seconds_since(start);
}

// Fills, proves and publishes what was prepared.
void write(const ModelSource& model, const std::filesystem::path& output,
           const QuantizeOptions& options, const base::FileRoles& roles, Prepared& p) {
  const auto start = Clock::now();
  publish::StagedResult result(output, p.layout, roles.widest_mode());
  graph::FillOptions fill = fill_options(options);
  fill.release = [&](std::span<std::byte> bytes) { result.release(bytes); };
  graph::fill(p.overlay, p.layout, result.model(), result.data(), fill);
  if (const std::string name = result.name_data(options.threads); !name.empty())
    write_data_name(p, options, name, result.model());
  result.seal();
  p.graph.verify();
  p.report.seconds += seconds_since(start);

  add_proof(model, options.prove ? trial::provable(result.staged()) : ModelSource(result.staged()),
            options, p);

  if (is_unproven(p.report, options)) return;
  const auto publish = Clock::now();
  result.flush(
      [&](std::uint64_t done, std::uint64_t total) { tick(options, "write", done, total); });
  p.graph.verify();
  result.publish();
  p.report.data_file = result.data_path();
  p.report.seconds += seconds_since(publish);
  p.report.written = true;
}

// Does the work; when it fails on a model whose file was changed meanwhile, that is the reason.
template <typename Work>
void holding_still(const graph::Graph& graph, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) graph.verify();
    throw;
  } catch (...) {
    graph.verify();
    throw;
  }
  graph.verify();
}

}  // namespace

Plan make_plan(const ModelSource& model, const PlanOptions& options) {
  const graph::Graph graph = graph::Graph::import(model);
  return plan::make(forms::Survey(graph), options);
}

QuantizeReport quantize(const ModelSource& model, const std::filesystem::path& output,
                        const QuantizeOptions& options) {
  check_options(options);
  const auto start = Clock::now();
  Prepared p(model, options);
  const base::FileRoles roles = check_files(p.graph, &output, options);
  p.report.output = output.string();
  holding_still(p.graph, [&] {
    prepare(model, p, options, publish::data_name(output, 0));
    p.report.seconds = seconds_since(start) - p.report.gate_seconds;
    save_plan(p, &output, options, roles);
    if (options.dry_run || answer_is_no(p.report, options)) return;
    write(model, output, options, roles, p);
  });
  return std::move(p.report);
}

QuantizedBytes quantize_bytes(const ModelSource& model, const QuantizeOptions& options) {
  if (options.external_data) {
    throw Error(ErrorCode::invalid_argument,
                "external data needs a file to lie beside; use quantize() with a path");
  }
  check_options(options);
  const auto start = Clock::now();
  Prepared p(model, options);
  const base::FileRoles roles = check_files(p.graph, nullptr, options);
  QuantizedBytes result;
  holding_still(p.graph, [&] {
    prepare(model, p, options, "");
    save_plan(p, nullptr, options, roles);
    if (!options.dry_run && !answer_is_no(p.report, options)) {
      result.bytes.resize(p.layout.model_bytes);
      graph::fill(p.overlay, p.layout, result.bytes, {}, fill_options(options));
      p.report.seconds = seconds_since(start) - p.report.gate_seconds;
      add_proof(model, std::span<const std::byte>(result.bytes), options, p);
      p.report.written = !is_unproven(p.report, options);
      if (!p.report.written) result.bytes.clear();
    }
  });
  result.report = std::move(p.report);
  return result;
}

}  // namespace octet
