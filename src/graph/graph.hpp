// A model as structure: scopes, nodes, values, constants, as ids and spans over the mapped bytes.
// Read-only: edits are collected in an Overlay and written by export.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/mapped_file.hpp"
#include "graph/widening.hpp"
#include "octet/model_source.hpp"
#include "onnx/external_data.hpp"
#include "onnx/tensor_view.hpp"
#include "onnx/views.hpp"

namespace octet::graph {

using ScopeId = std::uint32_t;
using NodeId = std::uint32_t;
using ValueId = std::uint32_t;
using ConstantId = std::uint32_t;
inline constexpr std::uint32_t none = UINT32_MAX;

// A tensor known before the model runs: an initializer, or the output of a Constant node.
struct Constant {
  onnx::TensorView tensor;
  ValueId value = none;
  ScopeId scope = 0;
  NodeId node = none;   // the Constant node; none for an initializer
  onnx::Bytes whole;    // the initializer's field in its GraphProto, tag included
  onnx::Bytes in_file;  // the same as the file has it
  bool is_graph_input =
      false;  // an initializer that is also listed as an input (a default the caller may override)
};

struct Use {
  NodeId node = none;
  std::uint32_t slot = 0;
};

struct Value {
  std::string_view name;
  ScopeId scope = 0;
  NodeId producer = none;
  ConstantId constant = none;
  bool is_graph_input = false;
  bool is_scope_output = false;  // listed as an output of its own scope, or of one inside it
  std::vector<Use> uses;         // by nodes of this scope and of those inside it
};

struct Node {
  ScopeId scope = 0;
  std::uint32_t position = 0;  // among the scope's nodes in the file; that of the call it came from
  onnx::NodeView view;
  onnx::Bytes whole;            // its field in the parent message, tag included
  std::vector<ValueId> inputs;  // none for an empty (left out) optional input
  std::vector<ValueId> outputs;
  std::vector<ScopeId> bodies;  // subgraphs in attribute order
};

// One list of nodes with its own names: the main graph, a subgraph of an If, Loop or Scan, or a
// function's body.
struct Scope {
  enum class Kind { main, subgraph, function } kind = Kind::main;
  ScopeId parent = none;  // names not found here are looked up there; none for main and functions
  NodeId owner = none;    // the node this is a body of
  std::string path;  // "" for main; "If#3/then_branch/" or "If_name/then_branch/"; "function Name/"
  onnx::Bytes message;  // the GraphProto or FunctionProto
  std::vector<NodeId> nodes;
  std::vector<onnx::ValueView> inputs;
  std::vector<onnx::ValueView> outputs;
  std::vector<ValueId> results;              // of a graph: of `outputs`; of a function: its outputs
  std::vector<onnx::Bytes> declared_values;  // ValueInfoProtos of value_info, unread
  // Some of its nodes do not lie in `message`: calls of functions, written out,
  // and what Widening changes.
  bool is_rewritten = false;
  std::unordered_map<std::string_view, ValueId> names;
};

struct Model {
  std::int64_t ir_version = 0;
  std::string_view producer;
  std::vector<onnx::OpsetView> opsets;
  std::vector<onnx::OpsetView> opsets_of_functions;  // that nodes written out need besides
  [[nodiscard]] std::int64_t opset(std::string_view domain) const;  // 0 when not imported
};

// Owns the mapping (or borrows the caller's bytes) that everything in it points into. Movable, not
// copyable.
class Graph {
 public:
  // Reads and checks the structure; weights are not touched. Throws Error{invalid_model, io}.
  static Graph import(const octet::ModelSource& source);

  Graph(Graph&&) = default;
  Graph& operator=(Graph&&) = default;
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  [[nodiscard]] const std::string& label() const& { return origin_->label; }
  const std::string& label() const&& = delete;
  [[nodiscard]] onnx::Bytes bytes() const& { return bytes_; }
  onnx::Bytes bytes() const&& = delete;
  [[nodiscard]] const Model& model() const& { return model_; }
  const Model& model() const&& = delete;
  [[nodiscard]] const std::vector<Scope>& scopes() const& { return scopes_; }
  const std::vector<Scope>& scopes() const&& = delete;
  [[nodiscard]] const std::vector<Node>& nodes() const& { return nodes_; }
  const std::vector<Node>& nodes() const&& = delete;
  [[nodiscard]] const std::vector<Value>& values() const& { return values_; }
  const std::vector<Value>& values() const&& = delete;
  [[nodiscard]] const std::vector<Constant>& constants() const& { return constants_; }
  const std::vector<Constant>& constants() const&& = delete;

  [[nodiscard]] const Scope& scope(ScopeId id) const& { return scopes_[id]; }
  const Scope& scope(ScopeId id) const&& = delete;
  [[nodiscard]] const Node& node(NodeId id) const& { return nodes_[id]; }
  const Node& node(NodeId id) const&& = delete;
  [[nodiscard]] const Value& value(ValueId id) const& { return values_[id]; }
  const Value& value(ValueId id) const&& = delete;
  [[nodiscard]] const Constant& constant(ConstantId id) const& { return constants_[id]; }
  const Constant& constant(ConstantId id) const&& = delete;

  // The constant a node reads in this slot; nullptr when the slot is empty or its value is
  // computed.
  [[nodiscard]] const Constant* constant_input(NodeId node, std::uint32_t slot) const&;
  const Constant* constant_input(NodeId node, std::uint32_t slot) const&& = delete;
  // The one value a node gives; none when it gives several, or none that has a name.
  [[nodiscard]] ValueId sole_output(NodeId node) const {
    return nodes_[node].outputs.size() == 1 ? nodes_[node].outputs[0] : none;
  }
  // The value a node reads in this slot; none when there is no such slot or it is left out.
  [[nodiscard]] ValueId input(NodeId node, std::uint32_t slot) const {
    return slot < nodes_[node].inputs.size() ? nodes_[node].inputs[slot] : none;
  }
  // FunctionProtos whose calls are written out: an edited model does not need them.
  [[nodiscard]] const std::vector<onnx::Bytes>& written_out() const& { return written_out_; }
  const std::vector<onnx::Bytes>& written_out() const&& = delete;
  // How this graph differs from the file's, which computes in half precision; nullptr: it does not.
  [[nodiscard]] const Widening* widening() const& { return widening_ ? &*widening_ : nullptr; }
  const Widening* widening() const&& = delete;
  // Every name used anywhere in the model: values, nodes, symbols do not count.
  [[nodiscard]] const std::unordered_set<std::string_view>& taken_names() const& { return taken_; }
  const std::unordered_set<std::string_view>& taken_names() const&& = delete;
  // Bytes of the file and of the data files it points to.
  [[nodiscard]] std::uint64_t total_bytes() const;
  // The model's file, empty for bytes; and every data file it points to, whether it was read or
  // not: what an output must not overwrite.
  [[nodiscard]] std::vector<std::filesystem::path> files() const;
  // Throws Error{io} when one of the files was changed since it was opened: then what was read from
  // it is worth nothing.
  void verify() const;

  // The little-endian elements of a constant, wherever they are kept. float_data spread over
  // several fields is gathered once and kept. Throws Error{invalid_model} when external data is
  // missing or refused.
  [[nodiscard]] onnx::Bytes elements(const Constant& constant) const&;
  onnx::Bytes elements(const Constant& constant) const&& = delete;
  // Lets the kernel drop the pages under these elements (they can still be read again).
  void release(onnx::Bytes elements) const;

 private:
  Graph() = default;
  friend class Importer;

  std::unique_ptr<onnx::Origin> origin_;
  std::optional<base::MappedFile> file_;
  onnx::Bytes bytes_;
  Model model_;
  std::vector<Scope> scopes_;
  std::vector<Node> nodes_;
  std::vector<Value> values_;
  std::vector<Constant> constants_;
  std::unordered_set<std::string_view> taken_;
  std::set<std::string> names_;      // of initializers: see Importer
  std::deque<std::string> written_;  // node fields that are not in the file
  std::vector<onnx::Bytes> written_out_;
  std::optional<Widening> widening_;
  std::unique_ptr<onnx::ExternalData> external_;
  mutable std::map<const std::byte*, std::string> gathered_;
};

}  // namespace octet::graph
