#include "api/proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "api/feeds.hpp"
#include "api/model_inputs.hpp"
#include "api/open_session.hpp"
#include "base/atomic_text.hpp"
#include "graph/mapped_twin.hpp"
#include "measure/element_values.hpp"
#include "measure/output_comparison.hpp"
#include "octet/error.hpp"

namespace octet::api {
namespace {

using runtime::Optimization;
using runtime::Session;
using Outputs = std::vector<base::NamedTensor>;

constexpr std::uint64_t largest_compared = std::uint64_t{64} << 20U;
constexpr std::int64_t most_rows = 8;  // of the user's data: a proof, not a parity run

[[noreturn]] void failed(const std::string& fact) {
  throw Error(ErrorCode::runtime_failed,
              fmt::format("the quantized model failed its proof and was not written: {}", fact));
}

bool same_shape(const onnx::ValueView& declared, const runtime::Port& port) {
  if (declared.dims.size() != port.dims.size()) return false;
  for (std::size_t i = 0; i < port.dims.size(); ++i) {
    const std::optional<std::int64_t> size = declared.dims[i].value;
    if (size && *size >= 0 && port.dims[i] >= 0 && *size != port.dims[i]) return false;
  }
  return true;
}

// A session's ports against what the original declares.
void same_ports(const std::vector<onnx::ValueView>& declared,
                const std::vector<runtime::Port>& ports, std::string_view what) {
  for (const runtime::Port& port : ports) {
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
         const octet::QuantizeOptions& options, std::shared_ptr<const runtime::Library> library)
      : original_(original), graph_(graph), options_(options), library_(std::move(library)) {}

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
    proof.detail = fmt::format("loaded and run on {}, optimisations on and off", description_);
    compare(proof);
    return proof;
  }

 private:
  [[nodiscard]] Session open(const octet::ModelSource& model, Optimization level) const {
    runtime::SessionOptions session;
    session.optimization = level;
    session.prepack = level == Optimization::all;  // so that both ways to read the weights are seen
    session.threads = options_.runtime.threads;
    session.control = control_;
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
    if (feeds_.empty() && !make_feeds(*session)) return false;
    for (const data::Feed& feed : feeds_) {
      Outputs& outputs = outputs_;
      try {
        outputs = session->run(feed);
      } catch (const Error& error) {
        if (error.stops()) throw;
        if (!original_runs(feed, level)) return false;
        failed(error.what());
      }
      if (const auto* bad = not_finite(outputs);
          bad != nullptr && original_is_finite(feed, level)) {
        failed(fmt::format("output \"{}\" is not finite where the original's is", bad->name));
      }
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

  // False: nothing can be made up for these inputs (sequences, optionals, strange types).
  bool make_feeds(const Session& session) {
    const auto specs = model_inputs(graph_, session.inputs());
    if (options_.data.files.empty()) {
      try {
        (void)data::generate(specs, options_.data);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported) throw;
        problem_ = error.what();
        return false;
      }
    }
    auto found = runnable_dims(session, specs, options_.data);
    if (!found) found = dims_of_original(specs);
    const octet::DataOptions data = found.value_or(options_.data);
    data::Feeds feeds = data::make_feeds(specs, data, most_rows);
    if (feeds.feeds.size() > 1) feeds.feeds.resize(1);
    feeds_ = std::move(feeds.feeds);
    description_ = seeded_text(data);
    if (feeds_.empty()) {
      problem_ = "the data has no rows";
      return false;
    }
    if (!data.files.empty() && !feeds_.front().empty()) {  // a model without inputs is fed nothing
      const std::vector<std::int64_t>& dims = feeds_.front().front().tensor.dims;
      description_ =
          fmt::format("the first {} of {}", dims.empty() ? 1 : dims[0], feeds.description);
    }
    return true;
  }

  // Where the result runs on nothing: is there something the original runs on?
  std::optional<octet::DataOptions> dims_of_original(const std::vector<data::InputSpec>& specs) {
    try {
      return runnable_dims(open(original_, Optimization::all), specs, options_.data);
    } catch (const Error& error) {
      if (error.stops()) throw;
      return std::nullopt;
    }
  }

  bool original_runs(const data::Feed& feed, Optimization level) {
    try {
      (void)open(original_, level).run(feed);
      return true;
    } catch (const Error& error) {
      if (error.stops()) throw;
      problem_ = error.what();
      return false;
    }
  }

  bool original_is_finite(const data::Feed& feed, Optimization level) {
    return not_finite(open(original_, level).run(feed)) == nullptr;
  }

  // Fills in how far the answers are, or why that is not known.
  void compare(octet::Proof& proof) const {
    if (graph_.total_bytes() > largest_compared) {
      proof.detail += "; answers not compared, the original is above 64 MiB: octet parity does it";
      return;
    }
    try {
      proof.max_abs_diff = difference();
    } catch (const Error& error) {
      if (error.stops()) throw;
      proof.detail += "; answers not compared, the original does not run on these inputs";
    }
  }

  // Of the outputs of the last run from the original's on the same inputs.
  [[nodiscard]] double difference() const {
    double largest = 0;
    for (const base::NamedTensor& expected :
         open(original_, Optimization::all).run(feeds_.back())) {
      const auto found = std::find_if(outputs_.begin(), outputs_.end(), [&](const auto& output) {
        return output.name == expected.name;
      });
      const bool floating = measure::kind_of(expected.tensor.type) == measure::Kind::floating;
      if (!floating || found == outputs_.end()) continue;
      measure::OutputComparison comparison(expected.name);
      comparison.add(expected.tensor, found->tensor);
      largest = std::max(largest, comparison.result().max_abs_diff);
    }
    return largest;
  }

  const octet::ModelSource& original_;
  const graph::Graph& graph_;
  const octet::QuantizeOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  runtime::RunControl control_ =
      runtime::control(options_.progress, "prove", options_.runtime.timeout_seconds);
  std::vector<data::Feed> feeds_;
  Outputs outputs_;  // of the last run
  std::string description_;
  std::string problem_;
};

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
  base::write_text_file(
      path, graph::mapped_twin(graph::Graph::import(staged), staged.filename().string()));
  return path;
}

octet::Proof prove(const octet::ModelSource& original, const graph::Graph& graph,
                   const octet::ModelSource& result, const octet::QuantizeOptions& options) {
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
  return Prover(original, graph, options, std::move(library)).run(result);
}

}  // namespace octet::api
