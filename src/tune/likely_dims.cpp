#include "tune/likely_dims.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/port.hpp"
#include "data/dataset.hpp"
#include "octet/error.hpp"

namespace octet::tuning {
namespace {

constexpr std::size_t most_feeds = 32;

// The inputs that a caller must feed: initializers of old models are listed as inputs too.
std::vector<base::Port> inputs_of(const graph::Graph& graph) {
  std::vector<base::Port> out;
  const graph::Scope& main = graph.scope(0);
  for (const onnx::ValueView& input : main.inputs) {
    const auto value = main.names.find(input.name);
    if (value != main.names.end() && graph.value(value->second).constant != graph::none) continue;
    base::Port port{std::string(input.name), input.type, {}, {}};
    for (const onnx::DimView& dim : input.dims) {
      port.dims.push_back(dim.value ? *dim.value : -1);
      port.symbols.emplace_back(dim.value ? "" : dim.symbol);
    }
    out.push_back(std::move(port));
  }
  return out;
}

void add_sizes(const std::vector<base::Port>& inputs, const data::Feeds& feeds,
               forms::NamedDims& dims) {
  const std::size_t count = std::min(feeds.count, most_feeds);
  std::vector<data::Feed> seen;
  for (std::size_t f = 0; f < count; ++f) seen.push_back(feeds.at(f));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::size_t axis = 1; axis < inputs[i].dims.size(); ++axis) {
      if (inputs[i].dims[axis] >= 0) continue;
      const auto size = [&](const data::Feed& feed) {
        const auto& found = feed.at(i).tensor.dims;
        return axis < found.size() ? found[axis] : 0;
      };
      const std::int64_t first = seen.empty() ? 0 : size(seen.front());
      const bool always = std::all_of(seen.begin(), seen.end(),
                                      [&](const auto& feed) { return size(feed) == first; });
      if (first > 0 && always) dims.emplace(fmt::format("{}:{}", inputs[i].name, axis), first);
    }
  }
}

}  // namespace

forms::NamedDims likely_dims(const graph::Graph& graph, const octet::DataOptions& options) {
  forms::NamedDims out = options.dims;
  if (!data::is_given(options)) return out;
  try {
    const std::vector<base::Port> inputs = inputs_of(graph);
    add_sizes(inputs, data::Dataset(inputs, options).feeds(1), out);
  } catch (const Error& error) {
    if (error.stops()) throw;
    return options.dims;
  }
  return out;
}

}  // namespace octet::tuning
