// Float ONNX in, INT8 ONNX out, as a table of contents: read, plan, edit, lay out, fill, prove,
// rename.
#include "octet/quantize.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "api/accounting.hpp"
#include "api/output_paths.hpp"
#include "api/proof.hpp"
#include "base/output_file.hpp"
#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "octet/error.hpp"
#include "plan/apply.hpp"
#include "plan/planner.hpp"

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
      : graph(graph::Graph::import(model)), survey(graph, options.data.dims), overlay(graph) {}
  graph::Graph graph;
  forms::Survey survey;
  graph::Overlay overlay;
  graph::Layout layout;
  QuantizeReport report;
};

void prepare(Prepared& p, const QuantizeOptions& options, const std::string& data_name) {
  p.report.input = p.graph.label();
  const auto checkpoint = [&options] {
    if (options.progress && !options.progress({"read", 0, 0}))
      throw Error(ErrorCode::cancelled, "stopped on request");
  };
  const Plan plan = options.plan
                        ? *options.plan
                        : plan::make(p.survey, options.planning, {options.threads, checkpoint});
  p.report.plan = plan::apply(p.survey, plan, p.overlay, options.threads, checkpoint);
  graph::LayoutOptions layout;
  layout.external_data = options.external_data;
  layout.data_name = data_name;
  p.layout = graph::lay_out(p.overlay, layout);
  api::account(p.graph, p.overlay, p.layout, p.report);
}

graph::FillOptions fill_options(const QuantizeOptions& options) {
  graph::FillOptions fill;
  fill.threads = options.threads;
  if (options.progress) {
    fill.progress = [&options](std::uint64_t done, std::uint64_t total) {
      return options.progress({"quantize", done, total});
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
  if (options.progress && !options.progress({"prove", 0, 0}))
    throw Error(ErrorCode::cancelled, "stopped on request");
  p.report.proof = api::prove(model, p.graph, result, options);
  api::advise(p.report);
  p.report.proof_seconds = seconds_since(start);
}

}  // namespace

Plan make_plan(const ModelSource& model, const PlanOptions& options) {
  const graph::Graph graph = graph::Graph::import(model);
  return plan::make(forms::Survey(graph), options);
}

QuantizeReport quantize(const ModelSource& model, const std::filesystem::path& output,
                        const QuantizeOptions& options) {
  const auto start = Clock::now();
  Prepared p(model, options);
  prepare(p, options, api::data_name(output));
  api::refuse_overwriting(p.graph, output);
  p.report.output = output.string();
  if (options.dry_run || (p.report.unchanged && !options.allow_unchanged)) {
    p.report.seconds = seconds_since(start);
    return std::move(p.report);
  }
  const base::StagingFolder staging(output);
  base::OutputFile file(output, p.layout.model_bytes, staging);
  std::optional<base::OutputFile> data;
  if (p.layout.data_bytes != 0) data.emplace(api::data_path(output), p.layout.data_bytes, staging);

  graph::FillOptions fill = fill_options(options);
  fill.release = [&](std::span<std::byte> bytes) {
    file.release(bytes);
    if (data) data->release(bytes);
  };
  graph::fill(p.overlay, p.layout, file.bytes(), data ? data->bytes() : std::span<std::byte>{},
              fill);
  file.seal();
  if (data) data->seal();
  p.report.seconds = seconds_since(start);

  add_proof(model, options.prove ? api::provable(file.staged()) : ModelSource(file.staged()),
            options, p);

  const auto publish = Clock::now();
  api::publish(file, data ? &*data : nullptr);
  p.report.seconds += seconds_since(publish);
  p.report.written = true;
  return std::move(p.report);
}

QuantizedBytes quantize_bytes(const ModelSource& model, const QuantizeOptions& options) {
  if (options.external_data) {
    throw Error(ErrorCode::invalid_argument,
                "external data needs a file to lie beside; use quantize() with a path");
  }
  const auto start = Clock::now();
  Prepared p(model, options);
  prepare(p, options, "");
  QuantizedBytes result;
  if (!options.dry_run && (!p.report.unchanged || options.allow_unchanged)) {
    result.bytes.resize(p.layout.model_bytes);
    graph::fill(p.overlay, p.layout, result.bytes, {}, fill_options(options));
    p.report.seconds = seconds_since(start);
    add_proof(model, std::span<const std::byte>(result.bytes), options, p);
    p.report.written = true;
  }
  result.report = std::move(p.report);
  return result;
}

}  // namespace octet
