// Walks the messages that an edit touches and lays them out field by field in their old order;
// everything else is copied as it is, unknown fields included. Field order inside a message: the
// input's, then what is new.
#include "graph/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "graph/overlay_check.hpp"
#include "graph/scope_order.hpp"
#include "graph/tensor_writer.hpp"
#include "octet/error.hpp"
#include "onnx/declarations.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

class Writer {
 public:
  Writer(const Overlay& overlay, const LayoutOptions& options, Placement weights)
      : overlay_(overlay),
        metadata_(options.metadata),
        graph_(overlay.graph()),
        edited_(overlay.touched_scopes()),
        touched_(edited_),
        tensors_(graph_, weights, options.data_name) {
    origin_.label = graph_.label();
    origin_.begin = graph_.bytes().data();
    for (TensorIndex i = 0; i < overlay_.tensors().size(); ++i)
      new_tensors_[overlay_.tensors()[i].scope].push_back(i);
    order_ = written_order(overlay_, edited_);
    check_replacements(overlay_, order_);
    // Data that must move (into a data file, or out of the input's) lives in every scope.
    for (const Constant& constant : graph_.constants()) {
      if (constant.node == none && tensors_.must_rewrite(constant.tensor)) touch(constant.scope);
    }
    for (ScopeId id = 0; id < graph_.scopes().size() && !touched_.empty(); ++id) {
      if (graph_.scope(id).is_rewritten) touch(id);
    }
    for (ConstantId id = 0; id < graph_.constants().size(); ++id) {
      const Constant& constant = graph_.constant(id);
      if (constant.node == none) initializers_.emplace(constant.in_file.data(), id);
      if (constant.node == none && constant.is_graph_input && overlay_.is_dropped(id)) {
        dropped_inputs_.emplace(constant.scope, constant.tensor.name);
      }
    }
  }

  Layout run() {
    onnx::Message model;
    onnx::Reader reader(graph_.bytes(), origin_, "ModelProto");
    std::map<std::string, std::int64_t> missing = overlay_.opsets();
    if (!touched_.empty()) {
      for (const onnx::OpsetView& opset : graph_.model().opsets_of_functions)
        missing.emplace(opset.domain, opset.version);
    }
    for (const onnx::OpsetView& opset : graph_.model().opsets)
      missing.erase(std::string(opset.domain));
    while (const auto field = reader.next()) {
      if (field->number == f::model::graph && touched_.contains(0)) {
        model.message(f::model::graph, scope(0));
      } else if (field->number == f::model::functions && is_written_out(field->payload)) {
        continue;
      } else {
        model.copy(field->whole);
      }
    }
    for (const auto& [domain, version] : missing) {
      model.message(f::model::opset_import, onnx::opset_import(domain, version));
    }
    for (const auto& [key, value] : metadata_) {
      onnx::Message entry;
      entry.text(f::entry::key, key);
      entry.text(f::entry::value, value);
      model.message(f::model::metadata_props, std::move(entry));
    }
    Layout layout;
    layout.model_bytes = model.size_bytes();
    std::uint64_t offset = 0;
    for (onnx::Piece& piece : std::move(model).take()) {
      const std::uint64_t size = piece.size_bytes;
      layout.model.push_back({offset, std::move(piece)});
      offset += size;
    }
    layout.data = tensors_.take_data();
    if (!layout.data.empty())
      layout.data_bytes = layout.data.back().offset + layout.data.back().piece.size_bytes;
    return layout;
  }

 private:
  void touch(ScopeId scope) {
    while (scope != none && touched_.insert(scope).second) scope = graph_.scope(scope).parent;
  }

  onnx::Message scope(ScopeId id) {
    const Scope& scope = graph_.scope(id);
    onnx::Message out;
    NodeFields nodes(*this, id);
    onnx::Reader reader(scope.message, origin_, "GraphProto");
    while (const auto field = reader.next()) {
      switch (field->number) {
        case f::graph::node:
          nodes.reach(out);
          break;
        case f::graph::initializer:
          initializer(*field, out);
          graph_.release(field->payload);
          break;
        case f::graph::input:
          if (!dropped_inputs_.contains({id, onnx::read_value(field->payload, origin_).name}))
            declaration(id, *field, out);
          break;
        case f::graph::output:
        case f::graph::value_info:
          declaration(id, *field, out);
          break;
        default:
          out.copy(field->whole);
      }
    }
    nodes.finish(out);
    add_tensors(id, out);
    return out;
  }

  // The types of the model's own inputs and outputs are its callers'.
  void declaration(ScopeId id, const onnx::Field& field, onnx::Message& out) const {
    const Widening* widening = graph_.widening();
    const bool is_inside = id != 0 || field.number == f::graph::value_info;
    const bool is_narrow = is_inside && widening != nullptr &&
                           widening->narrow(onnx::read_value(field.payload, origin_).type);
    if (!is_narrow) return out.copy(field.whole);
    if (field.number != f::graph::value_info)
      out.text(field.number, widening->value(field.payload));
  }

  // Writes the nodes of a scope where its message has them: at the n-th node field those that come
  // before the n-th node or are it, the rest at the last one.
  class NodeFields {
   public:
    NodeFields(Writer& writer, ScopeId id)
        : writer_(writer), left_(writer.graph_.scope(id).nodes.size()) {
      if (writer.edited(id)) {
        items_ = &writer.order_[id];
        return;
      }
      for (const NodeId node : writer.graph_.scope(id).nodes)
        own_.push_back({node, nullptr, writer.graph_.node(node).position});
    }

    void reach(onnx::Message& out) {
      const std::int64_t here = fields_++;
      --left_;
      while (next_ < items().size() && (left_ == 0 || items()[next_].position <= here)) write(out);
    }
    void finish(onnx::Message& out) {
      while (next_ < items().size()) write(out);
    }

   private:
    [[nodiscard]] const std::vector<ScopeItem>& items() const {
      return items_ == nullptr ? own_ : *items_;
    }
    void write(onnx::Message& out) {
      const ScopeItem& item = items()[next_++];
      if (item.fresh != nullptr) {
        out.message(f::graph::node, to_message(*item.fresh));
      } else {
        writer_.node(item.old, out);
      }
    }

    Writer& writer_;
    std::size_t left_;
    std::int64_t fields_ = 0;
    std::size_t next_ = 0;
    const std::vector<ScopeItem>* items_ = nullptr;
    std::vector<ScopeItem> own_;
  };

  // A function that nothing in the result calls.
  [[nodiscard]] bool is_written_out(onnx::Bytes function) const {
    const auto& all = graph_.written_out();
    return !touched_.empty() && std::any_of(all.begin(), all.end(), [&](onnx::Bytes one) {
      return one.data() == function.data();
    });
  }

  // Its nodes have changed, not only where its data lie.
  [[nodiscard]] bool edited(ScopeId id) const { return edited_.contains(id); }

  void node(NodeId id, onnx::Message& out) {
    const Node& node = graph_.node(id);
    bool inside = false;
    for (const ScopeId body : node.bodies) inside = inside || touched_.contains(body);
    if (!inside) return out.copy(node.whole);

    std::size_t next_body = 0;
    onnx::Message message;
    onnx::Reader reader(node.view.message, origin_, "NodeProto");
    while (const auto field = reader.next()) {
      if (field->number == f::node::attribute) {
        message.message(f::node::attribute, attribute(field->payload, node, next_body));
      } else {
        message.copy(field->whole);
      }
    }
    out.message(f::graph::node, std::move(message));
  }

  onnx::Message attribute(onnx::Bytes bytes, const Node& node, std::size_t& next_body) {
    onnx::Message out;
    onnx::Reader reader(bytes, origin_, "AttributeProto");
    while (const auto field = reader.next()) {
      const bool is_body =
          field->number == f::attribute::g || field->number == f::attribute::graphs;
      const ScopeId body = is_body ? node.bodies[next_body++] : none;
      if (is_body && touched_.contains(body)) {
        out.message(field->number, scope(body));
      } else {
        out.copy(field->whole);
      }
    }
    return out;
  }

  void initializer(const onnx::Field& field, onnx::Message& out) {
    const ConstantId id = initializers_.at(field.whole.data());
    if (overlay_.is_dropped(id)) return;
    const Constant& constant = graph_.constant(id);
    if (!tensors_.must_rewrite(constant.tensor)) return out.copy(constant.whole);
    out.message(f::graph::initializer, tensors_.existing(constant, origin_));
  }

  void add_tensors(ScopeId id, onnx::Message& out) {
    const std::vector<NewTensor>& tensors = overlay_.tensors();
    const std::vector<TensorIndex>& here = new_tensors_[id];
    for (const TensorIndex i : here)
      out.message(f::graph::initializer, tensors_.fresh(tensors[i], i));
    // Before IR version 4 every initializer must also be listed as an input (and is a constant all
    // the same).
    if (id != 0 || graph_.model().ir_version >= 4) return;
    for (const TensorIndex i : here) {
      const NewTensor& tensor = tensors[i];
      out.message(f::graph::input, onnx::value_info(tensor.name, tensor.type, tensor.dims));
    }
  }

  const Overlay& overlay_;
  const std::vector<std::pair<std::string, std::string>>& metadata_;
  const Graph& graph_;
  onnx::Origin origin_;
  std::unordered_set<ScopeId> edited_;
  std::unordered_set<ScopeId> touched_;  // and those whose data move
  std::vector<std::vector<ScopeItem>> order_;
  std::unordered_map<ScopeId, std::vector<TensorIndex>> new_tensors_;
  TensorWriter tensors_;
  std::unordered_map<const std::byte*, ConstantId> initializers_;
  std::set<std::pair<ScopeId, std::string_view>> dropped_inputs_;
};

}  // namespace

Layout lay_out(const Overlay& overlay, const LayoutOptions& options) {
  if (options.weights != Placement::in_data_file) {
    Layout layout = Writer(overlay, options, options.weights).run();
    const bool smaller = options.weights == Placement::in_original;
    if (smaller || layout.model_bytes <= options.inline_limit) return layout;
  }
  if (options.data_name.empty()) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format(
            "{}: the result passes 2 GB and needs a data file beside it; write it to a path",
            overlay.graph().label()));
  }
  Layout layout = Writer(overlay, options, Placement::in_data_file).run();
  if (layout.model_bytes > options.inline_limit) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("{}: even without its weights the model passes 2 GB", overlay.graph().label()));
  }
  return layout;
}

}  // namespace octet::graph
