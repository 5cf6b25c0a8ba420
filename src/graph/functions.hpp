// The model-local functions of a model, and their calls written out as nodes of the caller's graph:
// what weights a function is given, and what it does with them, shows only there.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "onnx/views.hpp"

namespace octet::graph {

struct Function {
  onnx::Bytes message;
  std::string_view name;
  std::string_view domain;
  std::string_view overload;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<onnx::Bytes> nodes;
  std::vector<onnx::AttributeView> defaults;  // of attributes that a caller may leave out
  std::vector<onnx::OpsetView> opsets;
  // Its opsets are the model's: its nodes mean the same in the caller's graph.
  bool can_be_written_out = true;
};

// Views point into the model's bytes, which must outlive it.
class Functions {
 public:
  explicit Functions(const onnx::Origin& origin) : origin_(&origin) {}

  void add(onnx::Bytes message);
  // All are added. `graph`: the main graph, whose names a body must not use. Gives the opsets that
  // bodies need and the model does not import.
  std::vector<onnx::OpsetView> settle(const std::vector<onnx::OpsetView>& opsets,
                                      onnx::Bytes graph);

  [[nodiscard]] const std::vector<Function>& all() const& { return functions_; }
  const std::vector<Function>& all() const&& = delete;
  // What the node calls, if that can be written out; nullptr for every other node.
  [[nodiscard]] const Function* called_by(const onnx::NodeView& node) const&;
  const Function* called_by(const onnx::NodeView& node) const&& = delete;

  // NodeProtos, in an order in which they can be run. Values of the function, and its nodes, are
  // called `<label of the call>/<their name>`.
  [[nodiscard]] std::vector<std::string> written_out(const Function& function,
                                                     const onnx::NodeView& call,
                                                     const std::string& label);

 private:
  void collect_names(onnx::Bytes graph, int depth);
  [[nodiscard]] std::string free_prefix(const std::string& label);

  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  const onnx::Origin* origin_;
  std::vector<Function> functions_;
  std::map<Key, std::size_t> by_key_;
  std::set<std::string, std::less<>> names_;  // of values and nodes of the model's graphs
  std::set<std::string> prefixes_;
};

}  // namespace octet::graph
