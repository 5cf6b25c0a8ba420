// From bytes to a Graph in two walks over the messages. The first declares: every scope, node,
// constant and value gets an id. The second resolves: each node input finds its value, in its own
// scope or the nearest one around it. A name nobody defines gets a value without a producer: ONNX
// Runtime will say what it thinks of it; the other weights are still worth quantizing.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "graph/functions.hpp"
#include "graph/graph.hpp"
#include "graph/node_order.hpp"
#include "octet/error.hpp"
#include "onnx/field_numbers.hpp"
#include "onnx/message.hpp"

namespace octet::graph {

namespace f = onnx::field;

class Importer {
 public:
  explicit Importer(Graph& graph)
      : g_(graph), origin_(*graph.origin_), functions_(*graph.origin_) {}

  void run() {
    read_model();
    if (main_.data() == nullptr) {
      throw Error(ErrorCode::invalid_model,
                  fmt::format("{}: holds no graph; it is not an ONNX model", origin_.label));
    }
    g_.model_.opsets_of_functions = functions_.settle(g_.model_.opsets, main_);
    if (knows_all_domains()) g_.widening_ = Widening::of(main_, origin_, domains_);
    add_scope(Scope::Kind::main, main_, none, none, "", 0);
    for (const Function& function : functions_.all()) {
      if (function.can_be_written_out)
        g_.written_out_.push_back(function.message);
      else
        add_scope(Scope::Kind::function, function.message, none, none, "", 0);
    }
    resolve();
    refuse_circles();
  }

 private:
  // Deeper than any exporter writes, and far from the end of the stack.
  static constexpr int max_depth = 64;
  static constexpr std::size_t large_node = 1U << 20U;
  // Functions that call others twice grow without bounds.
  static constexpr std::size_t most_written_nodes = 1U << 17U;

  void read_model() {
    onnx::Reader reader(g_.bytes_, origin_, "ModelProto");
    while (const auto field = reader.next()) {
      switch (field->number) {
        case f::model::ir_version:
          reader.expect(*field, onnx::WireType::varint);
          g_.model_.ir_version = field->integer();
          break;
        case f::model::producer_name:
          reader.expect(*field, onnx::WireType::length);
          g_.model_.producer = field->text();
          break;
        case f::model::graph:
          reader.expect(*field, onnx::WireType::length);
          if (main_.data() != nullptr)
            reader.fail(field->whole.data(), field->number, "a second graph");
          main_ = field->payload;
          break;
        case f::model::opset_import:
          reader.expect(*field, onnx::WireType::length);
          g_.model_.opsets.push_back(onnx::read_opset(field->payload, origin_));
          break;
        case f::model::functions:
          reader.expect(*field, onnx::WireType::length);
          functions_.add(field->payload);
          break;
        default:
          break;
      }
    }
  }

  // Of functions that are written out; and domains_ becomes those whose types may change.
  bool knows_all_domains() {
    for (const Function& function : functions_.all()) {
      if (function.can_be_written_out) domains_.insert(function.domain);
    }
    for (const Function& function : functions_.all()) {
      for (const onnx::Bytes node : function.nodes) {
        if (!domains_.contains(onnx::read_node(node, origin_).domain)) return false;
      }
    }
    return true;
  }

  // A field that is not in the file.
  onnx::Field keep(std::uint32_t number, const std::string& payload) {
    onnx::Message whole;
    whole.text(number, payload);
    const std::string& bytes = g_.written_.emplace_back(whole.bytes());
    onnx::Field out;
    out.number = number;
    out.type = onnx::WireType::length;
    out.whole = std::as_bytes(std::span<const char>(bytes));
    out.payload = out.whole.last(payload.size());
    return out;
  }

  [[nodiscard]] bool is_narrow(base::ElementType type) const {
    return g_.widening_ && g_.widening_->narrow(type);
  }

  // The declaration of an input or output: bodies compute wide, the model itself keeps its types.
  onnx::ValueView declared(ScopeId scope, onnx::Bytes payload) const {
    onnx::ValueView out = onnx::read_value(payload, origin_);
    if (scope != 0 && is_narrow(out.type)) out.type = base::ElementType::float32;
    return out;
  }

  ValueId define(ScopeId scope, std::string_view name) {
    const auto [entry, is_new] =
        g_.scopes_[scope].names.try_emplace(name, static_cast<ValueId>(g_.values_.size()));
    if (is_new) {
      Value value;
      value.name = name;
      value.scope = scope;
      g_.values_.push_back(std::move(value));
      g_.taken_.insert(name);
    }
    return entry->second;
  }

  ScopeId add_scope(Scope::Kind kind, onnx::Bytes message, ScopeId parent, NodeId owner,
                    std::string path, int depth) {
    const auto id = static_cast<ScopeId>(g_.scopes_.size());
    onnx::Reader reader(message, origin_,
                        kind == Scope::Kind::function ? "FunctionProto" : "GraphProto");
    if (depth > max_depth) reader.fail(message.data(), 0, "subgraphs nested too deeply");
    g_.scopes_.emplace_back();
    g_.scopes_[id].kind = kind;
    g_.scopes_[id].parent = parent;
    g_.scopes_[id].owner = owner;
    g_.scopes_[id].path = std::move(path);
    g_.scopes_[id].message = message;
    g_.scopes_[id].is_rewritten = g_.widening_.has_value() && kind != Scope::Kind::function;
    if (kind == Scope::Kind::function) {
      read_function(id, reader, depth);
    } else {
      read_graph(id, reader, depth);
    }
    return id;
  }

  void read_graph(ScopeId id, onnx::Reader& reader, int depth) {
    for (std::uint32_t position = 0; const auto field = reader.next();) {
      switch (field->number) {
        case f::graph::node:
          reader.expect(*field, onnx::WireType::length);
          add_node(id, *field, position++, depth);
          break;
        case f::graph::initializer:
          reader.expect(*field, onnx::WireType::length);
          add_initializer(id, *field, reader);
          break;
        case f::graph::input: {
          reader.expect(*field, onnx::WireType::length);
          g_.scopes_[id].inputs.push_back(declared(id, field->payload));
          g_.values_[define(id, g_.scopes_[id].inputs.back().name)].is_graph_input = true;
          break;
        }
        case f::graph::output:
          reader.expect(*field, onnx::WireType::length);
          g_.scopes_[id].outputs.push_back(declared(id, field->payload));
          break;
        case f::graph::value_info:
          reader.expect(*field, onnx::WireType::length);
          if (!g_.widening_ || !is_narrow(onnx::read_value(field->payload, origin_).type))
            g_.scopes_[id].declared_values.push_back(field->payload);
          break;
        default:
          break;
      }
    }
    if (g_.widening_) add_casts(id, depth);
  }

  void add_casts(ScopeId id, int depth) {
    std::vector<std::string> first;
    for (const Constant& constant : g_.constants_) {
      const bool here = constant.scope == id && constant.node == none;
      const bool comes_in = g_.values_[constant.value].is_graph_input && id == 0;
      if (here && !comes_in && is_narrow(constant.tensor.type))
        first.push_back(g_.widening_->cast_of(constant.tensor.name));
    }
    const auto last = static_cast<std::uint32_t>(g_.scopes_[id].nodes.size());
    if (id == 0) {
      for (std::string& cast : g_.widening_->casts_of_inputs()) first.push_back(std::move(cast));
      for (const std::string& cast : g_.widening_->casts_of_outputs())
        keep_node(id, keep(f::graph::node, cast), last, depth);
    }
    for (const std::string& cast : first) keep_node(id, keep(f::graph::node, cast), 0, depth);
    std::vector<NodeId>& nodes = g_.scopes_[id].nodes;
    std::stable_sort(nodes.begin(), nodes.end(), [&](NodeId a, NodeId b) {
      return g_.nodes_[a].position < g_.nodes_[b].position;
    });
  }

  void read_function(ScopeId id, onnx::Reader& reader, int depth) {
    std::string_view name;
    for (std::uint32_t position = 0; const auto field = reader.next();) {
      switch (field->number) {
        case f::function::name:
          reader.expect(*field, onnx::WireType::length);
          name = field->text();
          break;
        case f::function::input:
          reader.expect(*field, onnx::WireType::length);
          g_.values_[define(id, field->text())].is_graph_input = true;
          break;
        case f::function::output:
          reader.expect(*field, onnx::WireType::length);
          outputs_of_functions_.emplace_back(id, field->text());
          break;
        case f::function::node:
          reader.expect(*field, onnx::WireType::length);
          add_node(id, *field, position++, depth);
          break;
        default:
          break;
      }
    }
    g_.scopes_[id].path = fmt::format("function {}/", name);
  }

  void add_initializer(ScopeId scope, const onnx::Field& field, const onnx::Reader& reader) {
    Constant constant;
    constant.tensor = onnx::read_tensor(field.payload, origin_);
    constant.whole = constant.in_file = field.whole;
    constant.scope = scope;
    if (g_.widening_ && g_.widening_->converts(constant.tensor)) {
      const onnx::Field wide = keep(f::graph::initializer, g_.widening_->tensor(constant.tensor));
      constant.tensor = onnx::read_tensor(wide.payload, origin_);
      constant.whole = wide.whole;
    }
    if (constant.tensor.name.empty())
      reader.fail(field.whole.data(), field.number, "an initializer without a name");
    // Names are read again and again; kept apart, they do not bring the pages of the weight beside
    // them back in.
    constant.tensor.name = *g_.names_.insert(std::string(constant.tensor.name)).first;
    g_.release(field.payload);
    constant.value = define(scope, constant.tensor.name);
    Value& value = g_.values_[constant.value];
    if (value.constant != none || value.producer != none) {
      reader.fail(field.whole.data(), field.number,
                  fmt::format("\"{}\" is defined twice", value.name));
    }
    value.constant = static_cast<ConstantId>(g_.constants_.size());
    g_.constants_.push_back(std::move(constant));
  }

  void add_node(ScopeId scope, const onnx::Field& field, std::uint32_t position, int depth) {
    const onnx::NodeView view = onnx::read_node(field.payload, origin_);
    if (const Function* function = functions_.called_by(view))
      return write_out(scope, *function, view, field, position, depth);
    std::optional<std::string> wide;
    if (g_.widening_) wide = g_.widening_->node(view);
    keep_node(scope, wide ? keep(f::graph::node, *wide) : field, position, depth);
  }

  void keep_node(ScopeId scope, const onnx::Field& field, std::uint32_t position, int depth) {
    const auto id = static_cast<NodeId>(g_.nodes_.size());
    {
      Node node;
      node.scope = scope;
      node.position = position;
      node.whole = field.whole;
      node.view = onnx::read_node(field.payload, origin_);
      g_.nodes_.push_back(std::move(node));
    }
    // Reading walked over lists of numbers that are not kept: let their pages go.
    if (field.payload.size() >= large_node) g_.release(field.payload);
    g_.scopes_[scope].nodes.push_back(id);
    g_.taken_.insert(g_.nodes_[id].view.name);
    for (const std::string_view name : g_.nodes_[id].view.outputs) {
      ValueId value = none;
      if (!name.empty()) {
        value = define(scope, name);
        if (g_.values_[value].producer != none || g_.values_[value].constant != none) {
          onnx::Reader(field.payload, origin_, "NodeProto")
              .fail(field.whole.data(), f::node::output,
                    fmt::format("\"{}\" is defined twice", name));
        }
        g_.values_[value].producer = id;
      }
      g_.nodes_[id].outputs.push_back(value);
    }
    add_constant_node(id);
    add_bodies(id, depth);
  }

  // The nodes of the function in the place of its call.
  void write_out(ScopeId scope, const Function& function, const onnx::NodeView& call,
                 const onnx::Field& field, std::uint32_t position, int depth) {
    const onnx::Reader reader(field.payload, origin_, "NodeProto");
    if (depth > max_depth) {
      reader.fail(
          field.whole.data(), field.number,
          fmt::format("function \"{}\" is called too deeply, or calls itself", call.op_type));
    }
    const std::string label =
        call.name.empty() ? fmt::format("{}#{}", call.op_type, position) : std::string(call.name);
    g_.scopes_[scope].is_rewritten = true;
    for (const std::string& node : functions_.written_out(function, call, label)) {
      if (++written_nodes_ > most_written_nodes) {
        reader.fail(field.whole.data(), field.number,
                    fmt::format("its functions come to more than {} nodes", most_written_nodes));
      }
      add_node(scope, keep(f::graph::node, node), position, depth + 1);
    }
  }

  void add_constant_node(NodeId id) {
    const Node& node = g_.nodes_[id];
    if (!node.view.is("Constant") || node.outputs.size() != 1 || node.outputs[0] == none) return;
    const onnx::AttributeView* attribute = node.view.attribute("value");
    if (attribute == nullptr || !attribute->tensor)
      return;  // value_float and its kind are never weights
    Constant constant;
    constant.tensor = onnx::read_tensor(*attribute->tensor, origin_);
    constant.node = id;
    constant.scope = node.scope;
    constant.value = node.outputs[0];
    constant.tensor.name = g_.values_[constant.value].name;
    g_.values_[constant.value].constant = static_cast<ConstantId>(g_.constants_.size());
    g_.constants_.push_back(std::move(constant));
  }

  void add_bodies(NodeId id, int depth) {
    const ScopeId scope = g_.nodes_[id].scope;
    std::vector<std::pair<std::string_view, onnx::Bytes>> graphs;
    for (const onnx::AttributeView& attribute : g_.nodes_[id].view.attributes) {
      for (const onnx::Bytes graph : attribute.graphs) graphs.emplace_back(attribute.name, graph);
    }
    for (const auto& [attribute, message] : graphs) {
      const onnx::NodeView& view = g_.nodes_[id].view;
      std::string path =
          fmt::format("{}{}/{}/", g_.scopes_[scope].path,
                      view.name.empty() ? fmt::format("{}#{}", view.op_type, g_.nodes_[id].position)
                                        : std::string(view.name),
                      attribute);
      const ScopeId body =
          add_scope(Scope::Kind::subgraph, message, scope, id, std::move(path), depth + 1);
      g_.nodes_[id].bodies.push_back(body);
    }
  }

  // The value a name means in a scope: the nearest definition outwards; a fresh one without a
  // producer if there is none.
  ValueId lookup(ScopeId scope, std::string_view name) {
    for (ScopeId s = scope; s != none; s = g_.scopes_[s].parent) {
      const auto found = g_.scopes_[s].names.find(name);
      if (found != g_.scopes_[s].names.end()) return found->second;
    }
    return define(scope, name);
  }

  void resolve() {
    for (Constant& constant : g_.constants_) {
      constant.is_graph_input = constant.node == none && g_.values_[constant.value].is_graph_input;
    }
    for (NodeId id = 0; id < g_.nodes_.size(); ++id) {
      const std::vector<std::string_view> inputs = g_.nodes_[id].view.inputs;
      for (std::uint32_t slot = 0; slot < inputs.size(); ++slot) {
        const ValueId value =
            inputs[slot].empty() ? none : lookup(g_.nodes_[id].scope, inputs[slot]);
        g_.nodes_[id].inputs.push_back(value);
        if (value != none) g_.values_[value].uses.push_back({id, slot});
      }
    }
    for (ScopeId s = 0; s < g_.scopes_.size(); ++s) {
      for (std::size_t i = 0; i < g_.scopes_[s].outputs.size(); ++i)
        add_result(s, g_.scopes_[s].outputs[i].name);
    }
    for (const auto& [scope, name] : outputs_of_functions_) add_result(scope, name);
  }

  void add_result(ScopeId scope, std::string_view name) {
    const ValueId value = lookup(scope, name);
    g_.values_[value].is_scope_output = true;
    g_.scopes_[scope].results.push_back(value);
  }

  // ONNX graphs have no circles, and no walk over producers would end in one.
  void refuse_circles() {
    const std::vector<std::vector<NodeId>> order = node_order(g_);
    for (ScopeId scope = 0; scope < g_.scopes_.size(); ++scope) {
      if (order[scope].size() == g_.scopes_[scope].nodes.size()) continue;
      const Node& node = g_.nodes_[on_a_circle(g_, scope, order[scope])];
      throw Error(ErrorCode::invalid_model,
                  fmt::format("{}: node \"{}\" ({}, the {}. of {}): its result depends on itself; "
                              "an ONNX graph has no circles; export the model again",
                              origin_.label, node.view.name, node.view.op_type, node.position + 1,
                              g_.scopes_[scope].nodes.size()));
    }
  }

  Graph& g_;
  const onnx::Origin& origin_;
  onnx::Bytes main_;
  Functions functions_;
  std::size_t written_nodes_ = 0;
  std::set<std::string_view> domains_ = {"", "com.microsoft", "ai.onnx.ml"};
  std::vector<std::pair<ScopeId, std::string_view>> outputs_of_functions_;
};

namespace {

// Files people have and take for ONNX, by how they begin: protobuf's own complaints would not help.
void refuse_other_formats(onnx::Bytes bytes, const std::string& label) {
  struct Format {
    std::string_view begin;
    std::string_view what;
  };
  constexpr std::array<Format, 6> formats = {{
      {"PK\x03\x04", "a zip archive (a PyTorch model?); export the model to ONNX"},
      {"\x80\x04\x95", "a Python pickle; `octet export` makes an ONNX model of a trained one"},
      {"\x80\x05\x95", "a Python pickle; `octet export` makes an ONNX model of a trained one"},
      {"\x93NUMPY", "a NumPy array"},
      {"\x89HDF", "an HDF5 file (a Keras model?); export the model to ONNX"},
      {"version https:", "a pointer of Git LFS; fetch the file itself with git lfs pull"},
  }};
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const Format& format : formats) {
    if (!text.starts_with(format.begin)) continue;
    throw Error(ErrorCode::invalid_model,
                fmt::format("{}: it is no ONNX model but {}", label, format.what));
  }
}

}  // namespace

Graph Graph::import(const octet::ModelSource& source) {
  Graph graph;
  graph.origin_ = std::make_unique<onnx::Origin>();
  graph.origin_->label = source.label();
  std::filesystem::path model;
  if (const auto* path = source.path()) {
    graph.file_ = base::MappedFile::open(*path);
    graph.bytes_ = graph.file_->bytes();
    model = *path;
  } else {
    graph.bytes_ = source.bytes();
  }
  if (graph.bytes_.empty()) {
    throw Error(ErrorCode::invalid_model,
                fmt::format("{}: the file is empty; it is not an ONNX model", source.label()));
  }
  refuse_other_formats(graph.bytes_, source.label());
  graph.origin_->begin = graph.bytes_.data();
  graph.external_ = std::make_unique<onnx::ExternalData>(model, source.label());
  try {
    Importer(graph).run();
  } catch (const Error&) {
    graph.verify();  // a file that is being written to is malformed for a reason worth knowing
    throw;
  }
  return graph;
}

}  // namespace octet::graph
