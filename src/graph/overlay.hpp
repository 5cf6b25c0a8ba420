// Edits to a Graph, as plain values: collected here, carried out by layout.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "base/element_type.hpp"
#include "graph/graph.hpp"
#include "onnx/message.hpp"

namespace octet::graph {

// The bytes of a TensorProto.
struct TensorMessage {
  std::string bytes;
};

struct NewAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::vector<std::int64_t>, std::string, std::vector<float>,
               TensorMessage>
      value;
};

struct NewNode {
  std::string op;
  std::string domain;  // "" for ai.onnx
  std::string name;
  std::vector<std::string> inputs;  // "" for an input left out
  std::vector<std::string> outputs;
  std::vector<NewAttribute> attributes;
  std::vector<onnx::Bytes> annotations = {};      // whole fields, copied as they are
  std::vector<onnx::Bytes> kept_attributes = {};  // AttributeProtos of an old node, likewise
};

[[nodiscard]] onnx::Message to_message(const NewNode& node);

// An initializer whose bytes do not exist yet: its size follows from type and dims alone.
struct NewTensor {
  std::string name;
  ScopeId scope = 0;
  base::ElementType type = base::ElementType::int8;
  std::vector<std::int64_t> dims;
  [[nodiscard]] std::uint64_t size_bytes() const;
};
using TensorIndex = std::uint32_t;

// Numeric work that writes one or more new tensors, whole. run(shard, out) is called once for every
// shard in [0, shards), from any thread; out[i] is the memory of tensors[i]; shards must write
// disjoint bytes.
struct Fill {
  std::vector<TensorIndex> tensors;
  std::size_t shards = 1;
  std::function<void(std::size_t shard, std::span<const std::span<std::byte>> out)> run;
  onnx::Bytes source;  // read by run; released after the last shard
  // Shard i reads exactly the i-th piece of `source` of this many bytes, and it is released with
  // it. 0: shards read all over it.
  std::size_t source_piece = 0;
};

// Nodes that take the place of others in their scope; without removed ones, nodes added to `scope`.
// Where they are written follows from what they read and what reads them; otherwise they stand
// where the last removed node stood, added ones at the head. What was written about the first
// removed node (doc_string, metadata_props) goes to the new node of its name, else to the first.
struct Patch {
  std::vector<NodeId> removed;  // all of one scope
  std::vector<NewNode> nodes;
  ScopeId scope = none;  // none: that of the removed nodes
};

// The new nodes of one patch, as applied.
struct Addition {
  ScopeId scope = 0;
  std::int64_t position = -1;  // of the last removed node; -1: none was removed
  std::vector<NewNode> nodes;
};

class Overlay {
 public:
  explicit Overlay(const Graph& graph) : graph_(&graph) {}  // the graph must outlive it

  [[nodiscard]] const Graph& graph() const { return *graph_; }
  // `wanted`, or with a number behind it when the model or this overlay uses it already.
  // Deterministic.
  [[nodiscard]] std::string fresh_name(std::string_view wanted);

  TensorIndex add_tensor(NewTensor tensor);
  void add_fill(Fill fill) { fills_.push_back(std::move(fill)); }
  // A small tensor whose bytes are at hand.
  TensorIndex add_filled(NewTensor tensor, std::string bytes);
  // Throws Error{invalid_argument} when a node is already replaced, the scope is not clear, or a
  // value that others still read would lose its producer. The order of patches makes no difference
  // to the result; what only shows when all are there (a value of another type or shape, a name
  // defined twice, a circle) is refused by lay_out: see scope_order.hpp, overlay_check.hpp.
  void apply(Patch patch);
  // The initializer (and its entry among the graph inputs) or the Constant node goes.
  void drop(ConstantId constant);
  void require_opset(std::string_view domain, std::int64_t version) {
    opsets_[std::string(domain)] = version;
  }

  [[nodiscard]] bool is_removed(NodeId node) const { return removed_.contains(node); }
  [[nodiscard]] bool is_dropped(ConstantId constant) const { return dropped_.contains(constant); }
  // Somebody still reads this value, or it is an output: uses by removed nodes do not count, those
  // by new nodes do.
  [[nodiscard]] bool is_read(ValueId value) const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] const std::vector<NewTensor>& tensors() const& { return tensors_; }
  const std::vector<NewTensor>& tensors() const&& = delete;
  [[nodiscard]] const std::vector<Fill>& fills() const& { return fills_; }
  const std::vector<Fill>& fills() const&& = delete;
  [[nodiscard]] const std::vector<Addition>& additions() const& { return additions_; }
  const std::vector<Addition>& additions() const&& = delete;
  [[nodiscard]] const std::map<std::string, std::int64_t>& opsets() const& { return opsets_; }
  const std::map<std::string, std::int64_t>& opsets() const&& = delete;
  // Scopes whose message must be written anew: edited ones and all around them.
  [[nodiscard]] std::unordered_set<ScopeId> touched_scopes() const;

 private:
  void note_reads(const NewNode& node) {
    read_anew_.insert(node.inputs.begin(), node.inputs.end());
  }

  const Graph* graph_;
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, int> numbers_;  // by wanted name: the last number tried behind it
  std::unordered_set<std::string> read_anew_;     // names new nodes read
  std::vector<NewTensor> tensors_;
  std::vector<Fill> fills_;
  std::unordered_set<NodeId> removed_;
  std::vector<Addition> additions_;
  std::unordered_set<ConstantId> dropped_;
  std::map<std::string, std::int64_t> opsets_;
};

}  // namespace octet::graph
