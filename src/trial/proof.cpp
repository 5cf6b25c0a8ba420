#include "trial/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/atomic_text.hpp"
#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "measure/comparison.hpp"
#include "octet/error.hpp"
#include "trial/kernel_check.hpp"
#include "trial/model.hpp"
#include "trial/trial.hpp"

namespace octet::trial {
namespace {

using runtime::Optimization;
using runtime::Session;

constexpr std::uint64_t largest_compared = std::uint64_t{64} << 20U;
constexpr std::uint64_t most_rows = 8;  // of the user's data: a proof, not a parity run
constexpr std::uint64_t most_made_up_rows = 4;

[[noreturn]] void failed(const std::string& fact) {
  throw Error(ErrorCode::runtime_failed,
              fmt::format("the quantized model failed its proof and was not written: {}", fact));
}

bool same_shape(const onnx::ValueView& declared, const base::Port& port) {
  if (declared.dims.size() != port.dims.size()) return false;
  for (std::size_t i = 0; i < port.dims.size(); ++i) {
    const std::optional<std::int64_t> size = declared.dims[i].value;
    if (size && *size >= 0 && port.dims[i] >= 0 && *size != port.dims[i]) return false;
  }
  return true;
}

// A session's ports against what the original declares.
void same_ports(const std::vector<onnx::ValueView>& declared, const std::vector<base::Port>& ports,
                std::string_view what) {
  for (const base::Port& port : ports) {
    const auto found =
        std::find_if(declared.begin(), declared.end(),
                     [&](const onnx::ValueView& value) { return value.name == port.name; });
    if (found == declared.end())
      failed(fmt::format("it has an {} \"{}\" the original has not", what, port.name));
    const bool known = found->kind == "tensor" && found->type != base::ElementType::undefined &&
                       port.type != base::ElementType::undefined;
    if (known && found->type != port.type)
      failed(fmt::format("{} \"{}\" changed its type", what, port.name));
    // Of outputs ONNX Runtime may say a shape that it inferred itself.
    if (known && found->has_shape && what == "input" && !same_shape(*found, port)) {
      failed(fmt::format("input \"{}\" changed its shape", port.name));
    }
  }
}

bool is_finite(const base::Tensor& tensor) {
  if (tensor.type != base::ElementType::float32) return true;
  for (const float x : tensor.as<float>()) {
    if (!std::isfinite(x)) return false;
  }
  return true;
}

// The first output with a NaN or an infinity, or nullptr.
const base::NamedTensor* not_finite(const Outputs& outputs) {
  for (const base::NamedTensor& output : outputs) {
    if (!is_finite(output.tensor)) return &output;
  }
  return nullptr;
}

class Prover {
 public:
  Prover(const octet::ModelSource& original, const graph::Graph& graph,
         const octet::QuantizeOptions& options, std::shared_ptr<const runtime::Library> library,
         std::string result_name, const octet::Gate* gate)
      : original_(original),
        graph_(graph),
        options_(options),
        library_(std::move(library)),
        result_name_(std::move(result_name)),
        parity_(gate != nullptr && gate->parity ? &*gate->parity : nullptr) {}

  octet::Proof run(const octet::ModelSource& result) {
    octet::Proof proof;
    proof.runtime_version = runtime::describe(*library_).version;
    for (const Optimization level : {Optimization::all, Optimization::off}) {
      if (!check(result, level)) {
        proof.status = octet::Proof::Status::loaded_only;
        proof.detail = fmt::format(
            "it loads, but the inputs at hand do not suit the model ({}); run `octet parity "
            "--data` with real ones",
            problem_);
        return proof;
      }
    }
    proof.status = octet::Proof::Status::passed;
    proof.detail =
        fmt::format("loaded and run on {}, optimisations on and off", trial_->description());
    if (parity_ != nullptr) {
      proof.max_abs_diff = parity_->max_abs_diff;
      proof.detail += "; answers compared by the gate";
    } else if (is_compared_) {
      proof.max_abs_diff = comparison_.max_abs_diff();
      for (const std::string& output : comparison_.not_compared())
        proof.detail += fmt::format("; not compared: {}", output);
    } else {
      proof.detail += fmt::format("; answers not compared, {}", why_not_compared_);
    }
    return proof;
  }

 private:
  [[nodiscard]] Session open(const octet::ModelSource& model, Optimization level) const {
    runtime::SessionOptions session;
    session.optimization = level;
    session.prepack = level == Optimization::all;  // so that both ways to read the weights are seen
    session.threads = options_.runtime.threads;
    session.control = control_;
    if (&model != &original_) session.label = result_name_;
    return open_session(library_, model, session);
  }

  // False: nothing wrong with the result, but the original does not run on these inputs either.
  bool check(const octet::ModelSource& result, Optimization level) {
    std::optional<Session> session;
    try {
      session.emplace(open(result, level));
    } catch (const Error& error) {
      if (error.stops()) throw;
      blame_original(level);
      failed(error.what());
    }
    const graph::Scope& main = graph_.scope(0);
    same_ports(main.inputs, session->inputs(), "input");
    same_ports(main.outputs, session->outputs(), "output");
    if (session->outputs().size() != main.outputs.size())
      failed("it lacks an output of the original");
    if (!trial_ && !make_trial(result)) return false;
    for (std::size_t i = 0; i < trial_->size(); ++i) {
      Outputs outputs;
      try {
        outputs = trial_->run(*session, i);
      } catch (const Error& error) {
        if (error.stops()) throw;
        if (!original_runs(i, level)) return false;
        failed(error.what());
      }
      if (const auto* bad = not_finite(outputs); bad != nullptr && original_is_finite(i, level)) {
        failed(fmt::format("output \"{}\" is not finite where the original's is", bad->name));
      }
      if (level == Optimization::all) compare(i, outputs);
    }
    return true;
  }

  // When the original does not load either, the fault is not ours, and there is nothing to prove
  // against.
  void blame_original(Optimization level) const {
    try {
      (void)open(original_, level);
    } catch (const Error& error) {
      if (error.stops()) throw;
      throw Error(
          ErrorCode::runtime_failed,
          fmt::format(
              "the original model does not load on ONNX Runtime, so nothing can be proven: {}; "
              "--no-proof writes the result unproven",
              error.what()));
    }
  }

  [[nodiscard]] Settings settings(bool trusted) const {
    Settings out;
    out.data = options_.data;
    out.most_rows = data::is_given(options_.data) ? most_rows : most_made_up_rows;
    out.trusted = trusted;
    out.progress = options_.progress;
    out.stage = "prove";
    return out;
  }

  // Of the original, or of the result where the original is too large to be loaded beside it or
  // does not run. False: nothing can be made up for these inputs (sequences, optionals, strange
  // types).
  bool make_trial(const octet::ModelSource& result) {
    const bool small = graph_.total_bytes() <= largest_compared && parity_ == nullptr;
    why_not_compared_ = "the original is above 64 MiB: octet parity does it";
    for (const octet::ModelSource* model : {&original_, &result}) {
      if (model == &original_ && !small) continue;
      try {
        Session session = open(*model, Optimization::all);
        auto inputs = model_inputs(graph_, session);
        trial_.emplace(std::move(session), std::move(inputs), settings(model == &original_));
        is_compared_ = model == &original_;
        if (trial_->sizes_known()) return true;
      } catch (const Error& error) {
        if (error.code() == ErrorCode::unsupported) {
          problem_ = error.what();
          return false;
        }
        if (error.code() != ErrorCode::runtime_failed) throw;
        why_not_compared_ = "the original does not run on these inputs";
      }
    }
    return trial_.has_value();
  }

  // Where the original runs, its answers are there.
  void compare(std::size_t i, const Outputs& outputs) {
    if (!is_compared_) return;
    try {
      comparison_.add(*trial_->answers(i), outputs);
    } catch (const Error& error) {
      if (error.stops()) throw;
      is_compared_ = false;
      why_not_compared_ = "the original does not run on these inputs";
    }
  }

  bool original_runs(std::size_t i, Optimization level) {
    try {
      (void)trial_->run(open(original_, level), i);
      return true;
    } catch (const Error& error) {
      if (error.stops()) throw;
      problem_ = error.what();
      return false;
    }
  }

  bool original_is_finite(std::size_t i, Optimization level) {
    return not_finite(trial_->run(open(original_, level), i)) == nullptr;
  }

  const octet::ModelSource& original_;
  const graph::Graph& graph_;
  const octet::QuantizeOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  std::string result_name_;
  const octet::ParityReport* parity_;  // of the gate, which has compared the answers
  runtime::RunControl control_ =
      runtime::control(options_.progress, "prove", options_.runtime.timeout_seconds);
  std::optional<Trial> trial_;
  bool is_compared_ = false;
  std::string why_not_compared_;
  measure::Comparison comparison_{"the result"};
  std::string problem_;
};

// The bytes of a model equal to the staged one, its large weights left behind in the staged file.
std::string twin_of(const std::filesystem::path& staged) {
  const graph::Graph graph = graph::Graph::import(staged);
  const graph::Overlay unedited(graph);
  const graph::Layout layout = graph::lay_out(unedited, {.weights = graph::Placement::in_original,
                                                         .data_name = staged.filename().string()});
  std::string out(layout.model_bytes, '\0');
  graph::fill(unedited, layout, std::as_writable_bytes(std::span(out)), {},
              {.threads = 1, .progress = {}, .release = {}});
  return out;
}

}  // namespace

octet::ModelSource provable(const std::filesystem::path& staged, std::uintmax_t twin_from) {
  std::error_code ec;
  const std::uintmax_t size = std::filesystem::file_size(staged, ec);
  if (ec) {
    throw octet::Error(octet::ErrorCode::io,
                       fmt::format("{}: cannot prove it: {}", staged.string(), ec.message()));
  }
  if (size < twin_from) return staged;
  std::filesystem::path path = staged;
  path += ".proof.onnx";
  base::write_text_file(path, twin_of(staged));
  return path;
}

octet::Proof prove(const octet::ModelSource& original, const graph::Graph& graph,
                   const octet::ModelSource& result, const octet::QuantizeOptions& options,
                   const std::string& result_name, const octet::Gate* gate) {
  std::shared_ptr<const runtime::Library> library;
  try {
    library = runtime::load_library(options.runtime);
  } catch (const Error& error) {
    const bool named =
        !options.runtime.library.empty() || !options.runtime.environment_library.empty();
    if (named || error.code() != ErrorCode::runtime_missing) throw;
    octet::Proof proof;
    proof.detail = error.what();
    return proof;
  }
  if (const auto fault = kernel_fault(library, result)) {
    const std::string version = runtime::describe(*library).version;
    failed(fmt::format("ONNX Runtime {} computes {} on this machine; use another version of it",
                       version, *fault));
  }
  return Prover(original, graph, options, std::move(library), result_name, gate).run(result);
}

}  // namespace octet::trial
