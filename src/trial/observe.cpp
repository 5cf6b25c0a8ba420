#include "trial/observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>

#include "graph/graph.hpp"
#include "measure/element_values.hpp"
#include "octet/error.hpp"
#include "onnx/message.hpp"

namespace octet::trial {
namespace {

constexpr std::uint32_t model_graph = 7;    // ModelProto.graph
constexpr std::uint32_t graph_output = 12;  // GraphProto.output
constexpr std::uint32_t value_name = 1;     // ValueInfoProto.name

// Fields of a message that is given twice are merged: the model's bytes, and behind them a graph of
// nothing but outputs.
std::string with_outputs(const graph::Graph& graph, const std::vector<std::string>& values) {
  std::set<std::string_view> there;
  for (const onnx::ValueView& output : graph.scope(0).outputs) there.insert(output.name);
  onnx::Message outputs;
  for (const std::string& value : values) {
    if (!there.insert(value).second) continue;
    onnx::Message output;
    output.text(value_name, value);
    outputs.message(graph_output, std::move(output));
  }
  onnx::Message more;
  more.message(model_graph, std::move(outputs));
  const auto bytes = graph.bytes();
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) + more.bytes();
}

void check(const graph::Graph& graph, const std::vector<std::string>& values) {
  for (const graph::Constant& constant : graph.constants()) {
    if (!constant.tensor.external) continue;
    throw Error(ErrorCode::unsupported,
                fmt::format("{}: values of a model with external data cannot be observed; save it "
                            "as one file",
                            graph.label()));
  }
  const graph::Scope& main = graph.scope(0);
  for (const std::string& value : values) {
    const auto found = main.names.find(value);
    if (found != main.names.end() && graph.value(found->second).producer != graph::none) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: no node of the main graph gives \"{}\"", graph.label(), value));
  }
}

class Observer {
 public:
  Observer(std::string value, bool columns) : columns_(columns) { seen_.value = std::move(value); }

  void add(const base::Tensor& tensor) {
    const auto kind = measure::kind_of(tensor.type);
    note_dims(tensor);
    if (kind != measure::Kind::floating && kind != measure::Kind::label) return;
    std::vector<double> values(measure::size_of(tensor));
    measure::to_doubles(tensor, 0, values);
    seen_.elements += values.size();
    const std::size_t width =
        columns_ && !tensor.dims.empty() ? static_cast<std::size_t>(tensor.dims.back()) : 0;
    if (width == 0) columns_ = false;  // a scalar has none
    if (width != seen_.column_low.size() && !seen_.column_low.empty()) columns_ = false;
    if (columns_ && seen_.column_low.empty()) {
      seen_.column_low.assign(width, infinity);
      seen_.column_high.assign(width, -infinity);
    }
    for (std::size_t i = 0; i < values.size(); ++i) note(values[i], columns_ ? i % width : 0);
  }

  [[nodiscard]] Observation take() && {
    if (low_ <= high_) {
      seen_.low = low_;
      seen_.high = high_;
    }
    if (!columns_) {
      seen_.column_low.clear();
      seen_.column_high.clear();
    }
    return std::move(seen_);
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  void note_dims(const base::Tensor& tensor) {
    if (seen_.type == base::ElementType::undefined) {
      seen_.type = tensor.type;
      seen_.dims = tensor.dims;
    }
    if (seen_.dims.size() != tensor.dims.size()) seen_.dims.assign(tensor.dims.size(), -1);
    for (std::size_t axis = 0; axis < tensor.dims.size(); ++axis) {
      if (seen_.dims[axis] != tensor.dims[axis]) seen_.dims[axis] = -1;
    }
  }

  void note(double value, std::size_t column) {
    if (!std::isfinite(value)) {
      ++seen_.not_finite;
      return;
    }
    low_ = std::min(low_, value);
    high_ = std::max(high_, value);
    if (!columns_) return;
    seen_.column_low[column] = std::min(seen_.column_low[column], value);
    seen_.column_high[column] = std::max(seen_.column_high[column], value);
  }

  Observation seen_;
  bool columns_;
  double low_ = infinity, high_ = -infinity;
};

}  // namespace

std::vector<Observation> observe(const Trial& trial,
                                 const std::shared_ptr<const runtime::Library>& library,
                                 const octet::ModelSource& model,
                                 const std::vector<std::string>& values,
                                 const ObserveOptions& options) {
  const graph::Graph graph = graph::Graph::import(model);
  check(graph, values);
  const std::string bytes = with_outputs(graph, values);
  runtime::SessionOptions how;
  how.optimization = runtime::Optimization::off;
  how.label = graph.label();
  how.threads = options.runtime.threads;
  how.control = runtime::control(options.progress, "observe", options.runtime.timeout_seconds);
  const auto session = runtime::Session::from_bytes(library, std::as_bytes(std::span(bytes)), how);
  std::vector<Observer> observers;
  for (const std::string& value : values) observers.emplace_back(value, options.columns);
  const std::size_t feeds =
      options.most_feeds > 0 ? std::min(options.most_feeds, trial.size()) : trial.size();
  for (std::size_t i = 0; i < feeds; ++i) {
    for (const base::NamedTensor& output : trial.run(session, i)) {
      const auto found = std::ranges::find(values, output.name);
      if (found == values.end() || !output.nesting.kind.empty() || !output.nesting.unread.empty())
        continue;
      observers[static_cast<std::size_t>(found - values.begin())].add(output.tensor);
    }
  }
  std::vector<Observation> out;
  for (Observer& observer : observers) {
    Observation seen = std::move(observer).take();
    if (seen.type != base::ElementType::undefined) out.push_back(std::move(seen));
  }
  return out;
}

}  // namespace octet::trial
