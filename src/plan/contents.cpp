#include "plan/contents.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "plan/weight_account.hpp"

namespace octet::plan {

ValueSummary summary_of(const onnx::ValueView& view) {
  ValueSummary out;
  out.name = std::string(view.name);
  out.type =
      view.kind == "tensor" ? std::string(base::element_name(view.type)) : std::string(view.kind);
  if (!view.has_shape && view.kind == "tensor") out.shape = {"…"};
  for (const onnx::DimView& dim : view.dims) {
    if (dim.value) {
      out.shape.push_back(std::to_string(*dim.value));
    } else {
      out.shape.push_back(dim.symbol.empty() ? "?" : std::string(dim.symbol));
    }
  }
  return out;
}

std::vector<WeightSummary> weights_of(const forms::Survey& survey, const octet::Plan& plan) {
  const graph::Graph& graph = survey.graph();
  const std::vector<WeightAccount> accounts = weight_accounts(survey, plan);
  std::vector<WeightSummary> out;
  for (graph::ConstantId id = 0; id < graph.constants().size(); ++id) {
    const graph::Constant& constant = graph.constant(id);
    WeightSummary weight;
    weight.name = std::string(constant.tensor.name);
    weight.type = std::string(base::element_name(constant.tensor.type));
    weight.shape = constant.tensor.dims;
    weight.bytes = constant.tensor.size_bytes();
    weight.where = graph.scope(constant.scope).path +
                   (constant.node == graph::none ? "initializer" : "Constant");
    weight.form = accounts[id].form;
    weight.reason = accounts[id].reason;
    if (!weight.reason.empty()) weight.storage = accounts[id].storage;
    out.push_back(std::move(weight));
  }
  std::stable_sort(out.begin(), out.end(), [](const WeightSummary& a, const WeightSummary& b) {
    return a.bytes > b.bytes;
  });
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> operators_of(const graph::Graph& graph) {
  std::map<std::string, std::uint64_t> count;
  for (const graph::Node& node : graph.nodes()) ++count[forms::op_name(node.view)];
  std::vector<std::pair<std::string, std::uint64_t>> out(count.begin(), count.end());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

}  // namespace octet::plan
