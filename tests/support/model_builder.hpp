// ONNX models as bytes, written in a few readable lines by a test. Writes what it is told and
// checks nothing, so that it can also write models that are wrong.
//
//   const std::vector<std::byte> model = ModelBuilder()
//       .input("x", ElementType::float32, {"batch", 3})
//       .initializer("W", tensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}))
//       .node("MatMul", {"x", "W"}, {"h"})
//       .node("Softmax", {"h"}, {"y"}, {attr("axis", 1)})
//       .output("y", ElementType::float32, {"batch", 2})
//       .bytes();
//
// GraphBuilder has the same calls and makes subgraphs, attr("then_branch", graph); FunctionBuilder
// makes model-local functions. Defaults: ir_version 8, opset 13 of ai.onnx.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "protozero/pbf_writer.hpp"
#include "support/tensor_spec.hpp"

namespace octet::test {

// A dimension: a number, a symbol, or nothing ("": dynamic and unnamed).
class Dim {
 public:
  Dim(std::integral auto value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT: implicit
  Dim(const char* symbol) : value_(std::string(symbol)) {}                     // NOLINT: implicit
  Dim(std::string symbol) : value_(std::move(symbol)) {}                       // NOLINT: implicit
  [[nodiscard]] std::string bytes() const {
    std::string out;
    protozero::pbf_writer writer(out);
    if (const auto* number = std::get_if<std::int64_t>(&value_)) writer.add_int64(1, *number);
    const auto* symbol = std::get_if<std::string>(&value_);
    if (symbol != nullptr && !symbol->empty()) writer.add_string(2, *symbol);
    return out;
  }

 private:
  std::variant<std::int64_t, std::string> value_;
};
using Dims = std::vector<Dim>;

namespace detail {

inline std::string opset_bytes(const std::string& domain, std::int64_t version) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_string(1, domain);
  writer.add_int64(2, version);
  return out;
}

// ValueInfoProto of a tensor; with `sequence`, of a sequence of such tensors.
inline std::string value_info_bytes(const std::string& name, ElementType type, const Dims& dims,
                                    bool shape, bool sequence) {
  std::string shape_bytes;
  protozero::pbf_writer shape_writer(shape_bytes);
  for (const Dim& dim : dims) shape_writer.add_message(1, dim.bytes());
  std::string tensor_type;
  protozero::pbf_writer tensor_writer(tensor_type);
  tensor_writer.add_int32(1, static_cast<std::int32_t>(type));
  if (shape) tensor_writer.add_message(2, shape_bytes);
  std::string type_bytes;
  protozero::pbf_writer(type_bytes).add_message(1, tensor_type);
  if (sequence) {
    std::string element;
    protozero::pbf_writer(element).add_message(1, type_bytes);
    type_bytes.clear();
    protozero::pbf_writer(type_bytes).add_message(4, element);
  }
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_string(1, name);
  writer.add_message(2, type_bytes);
  return out;
}

// ValueInfoProto of a sequence of maps, as ZipMap gives.
inline std::string map_sequence_bytes(const std::string& name, ElementType key, ElementType value) {
  const auto message = [](std::uint32_t number, const std::string& content) {
    std::string out;
    protozero::pbf_writer(out).add_message(number, content);
    return out;
  };
  std::string tensor;
  protozero::pbf_writer(tensor).add_int32(1, static_cast<std::int32_t>(value));
  std::string map;
  protozero::pbf_writer writer(map);
  writer.add_int32(1, static_cast<std::int32_t>(key));
  writer.add_message(2, message(1, tensor));
  std::string out;
  protozero::pbf_writer info(out);
  info.add_string(1, name);
  info.add_message(2, message(4, message(1, message(5, map))));
  return out;
}

}  // namespace detail

class GraphBuilder;

// A serialized AttributeProto, made by attr() and attr_ref().
struct Attribute {
  std::string bytes;
};

namespace detail {

// AttributeProto.AttributeType
enum class AttributeType : std::int32_t {
  f = 1,
  i = 2,
  s = 3,
  tensor = 4,
  graph = 5,
  floats = 6,
  ints = 7,
  strings = 8
};

template <typename Fill>
Attribute make_attribute(const std::string& name, AttributeType type, const Fill& fill) {
  Attribute out;
  protozero::pbf_writer writer(out.bytes);
  writer.add_string(1, name);
  fill(writer);
  writer.add_int32(20, static_cast<std::int32_t>(type));
  return out;
}

}  // namespace detail

[[nodiscard]] inline Attribute attr(const std::string& name, std::integral auto value) {
  return detail::make_attribute(name, detail::AttributeType::i, [&](auto& writer) {
    writer.add_int64(3, static_cast<std::int64_t>(value));
  });
}
[[nodiscard]] inline Attribute attr(const std::string& name, std::floating_point auto value) {
  return detail::make_attribute(name, detail::AttributeType::f, [&](auto& writer) {
    writer.add_float(2, static_cast<float>(value));
  });
}
[[nodiscard]] inline Attribute attr(const std::string& name, const std::string& value) {
  return detail::make_attribute(name, detail::AttributeType::s,
                                [&](auto& writer) { writer.add_bytes(4, value); });
}
[[nodiscard]] inline Attribute attr(const std::string& name, const char* value) {
  return attr(name, std::string(value));
}
[[nodiscard]] inline Attribute attr(const std::string& name, const TensorSpec& value) {
  return detail::make_attribute(name, detail::AttributeType::tensor,
                                [&](auto& writer) { writer.add_message(5, value.bytes()); });
}
[[nodiscard]] inline Attribute attr(const std::string& name,
                                    const std::vector<std::int64_t>& values) {
  return detail::make_attribute(name, detail::AttributeType::ints, [&](auto& writer) {
    for (const std::int64_t value : values) writer.add_int64(8, value);
  });
}
[[nodiscard]] inline Attribute attr(const std::string& name, const std::vector<float>& values) {
  return detail::make_attribute(name, detail::AttributeType::floats, [&](auto& writer) {
    for (const float value : values) writer.add_float(7, value);
  });
}
[[nodiscard]] inline Attribute attr(const std::string& name, const Names& values) {
  return detail::make_attribute(name, detail::AttributeType::strings, [&](auto& writer) {
    for (const std::string& value : values) writer.add_bytes(9, value);
  });
}
// attr("pads", {0, 1}) is a list of ints.
template <std::integral T>
[[nodiscard]] Attribute attr(const std::string& name, std::initializer_list<T> values) {
  return attr(name, std::vector<std::int64_t>(values.begin(), values.end()));
}
[[nodiscard]] Attribute attr(const std::string& name, const GraphBuilder& value);

// Inside a function: takes the value of the function's attribute `reference`; `type` as in
// AttributeProto (2: int, …).
[[nodiscard]] inline Attribute attr_ref(const std::string& name, const std::string& reference,
                                        std::int32_t type) {
  Attribute out;
  protozero::pbf_writer writer(out.bytes);
  writer.add_string(1, name);
  writer.add_int32(20, type);
  writer.add_string(21, reference);
  return out;
}

struct NodeSpec {
  std::string op_type;
  Names inputs;
  Names outputs;
  std::vector<Attribute> attributes;
  std::string name;
  std::string domain;

  [[nodiscard]] std::string bytes() const {
    std::string out;
    protozero::pbf_writer writer(out);
    for (const std::string& input : inputs) writer.add_string(1, input);
    for (const std::string& output : outputs) writer.add_string(2, output);
    if (!name.empty()) writer.add_string(3, name);
    writer.add_string(4, op_type);
    for (const Attribute& attribute : attributes) writer.add_message(5, attribute.bytes);
    if (!domain.empty()) writer.add_string(7, domain);
    return out;
  }
};

// The calls shared by GraphBuilder and ModelBuilder; fields are written in the order of the calls.
template <typename Self>
class GraphCalls {
 public:
  Self& name(const std::string& text) { return add(2, text); }
  Self& input(const std::string& name, ElementType type, const Dims& dims) {
    return add(11, detail::value_info_bytes(name, type, dims, true, false));
  }
  Self& output(const std::string& name, ElementType type, const Dims& dims) {
    return add(12, detail::value_info_bytes(name, type, dims, true, false));
  }
  Self& value_info(const std::string& name, ElementType type, const Dims& dims) {
    return add(13, detail::value_info_bytes(name, type, dims, true, false));
  }
  // Without a shape: the rank is unknown too.
  Self& input(const std::string& name, ElementType type) {
    return add(11, detail::value_info_bytes(name, type, {}, false, false));
  }
  Self& output(const std::string& name, ElementType type) {
    return add(12, detail::value_info_bytes(name, type, {}, false, false));
  }
  Self& sequence_input(const std::string& name, ElementType type) {
    return add(11, detail::value_info_bytes(name, type, {}, false, true));
  }
  Self& sequence_output(const std::string& name, ElementType type) {
    return add(12, detail::value_info_bytes(name, type, {}, false, true));
  }
  Self& map_sequence_output(const std::string& name, ElementType key, ElementType value) {
    return add(12, detail::map_sequence_bytes(name, key, value));
  }
  Self& initializer(const std::string& name, TensorSpec spec) {
    spec.name = name;
    return add(5, spec.bytes());
  }
  Self& node(const NodeSpec& spec) { return add(1, spec.bytes()); }
  Self& node(std::string op_type, Names inputs, Names outputs,
             std::vector<Attribute> attributes = {}, std::string name = "",
             std::string domain = "") {
    return node(NodeSpec{std::move(op_type), std::move(inputs), std::move(outputs),
                         std::move(attributes), std::move(name), std::move(domain)});
  }
  Self& constant(const std::string& output, const TensorSpec& spec) {
    return node("Constant", {}, {output}, {attr("value", spec)});
  }
  // Any other field of GraphProto: sparse initializers, unknown fields.
  Self& graph_field(std::uint32_t number, const std::string& content) {
    return add(number, content);
  }
  [[nodiscard]] const std::string& graph_bytes() const { return graph_; }

 private:
  Self& add(std::uint32_t number, const std::string& content) {
    protozero::pbf_writer(graph_).add_bytes(number, content);
    return static_cast<Self&>(*this);
  }
  std::string graph_;
};

class GraphBuilder : public GraphCalls<GraphBuilder> {};

inline Attribute attr(const std::string& name, const GraphBuilder& value) {
  return detail::make_attribute(name, detail::AttributeType::graph,
                                [&](auto& writer) { writer.add_message(6, value.graph_bytes()); });
}

// A model-local function.
class FunctionBuilder {
 public:
  FunctionBuilder(const std::string& domain, const std::string& name) {
    add(1, name);
    add(10, domain);
  }
  FunctionBuilder& input(const std::string& name) { return add(4, name); }
  FunctionBuilder& output(const std::string& name) { return add(5, name); }
  FunctionBuilder& attribute(const std::string& name) { return add(6, name); }
  FunctionBuilder& node(const NodeSpec& spec) { return add(7, spec.bytes()); }
  FunctionBuilder& node(std::string op_type, Names inputs, Names outputs,
                        std::vector<Attribute> attributes = {}) {
    return node(NodeSpec{std::move(op_type), std::move(inputs), std::move(outputs),
                         std::move(attributes), "", ""});
  }
  FunctionBuilder& constant(const std::string& output, const TensorSpec& spec) {
    return node("Constant", {}, {output}, {attr("value", spec)});
  }
  FunctionBuilder& opset(std::int64_t version, const std::string& domain = "") {
    return add(9, detail::opset_bytes(domain, version));
  }
  // Any other field of FunctionProto: attributes with defaults, overloads.
  FunctionBuilder& raw(std::uint32_t number, const std::string& content) {
    return add(number, content);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  FunctionBuilder& add(std::uint32_t number, const std::string& content) {
    protozero::pbf_writer(bytes_).add_bytes(number, content);
    return *this;
  }
  std::string bytes_;
};

class ModelBuilder : public GraphCalls<ModelBuilder> {
 public:
  ModelBuilder& ir_version(std::int64_t version) { return ir_version_ = version, *this; }
  // Of ai.onnx when `domain` is empty (default 13), else one more import.
  ModelBuilder& opset(std::int64_t version, const std::string& domain = "") {
    if (domain.empty()) {
      opset_ = version;
      return *this;
    }
    return model_field(8, detail::opset_bytes(domain, version));
  }
  ModelBuilder& metadata(const std::string& key, const std::string& value) {
    return model_field(14, detail::pair_bytes(key, value));
  }
  ModelBuilder& function(const FunctionBuilder& function) {
    return model_field(25, function.bytes());
  }
  // Any other field of ModelProto: doc_string, unknown fields.
  ModelBuilder& model_field(std::uint32_t number, const std::string& content) {
    protozero::pbf_writer(extra_).add_bytes(number, content);
    return *this;
  }

  [[nodiscard]] std::string text() const {
    std::string out;
    protozero::pbf_writer writer(out);
    writer.add_int64(1, ir_version_);
    writer.add_string(2, "octet-test");
    writer.add_message(7, named_graph());
    writer.add_message(8, detail::opset_bytes("", opset_));
    return out + extra_;
  }
  [[nodiscard]] std::vector<std::byte> bytes() const {
    const std::string content = text();
    const auto* begin = reinterpret_cast<const std::byte*>(content.data());
    return {begin, begin + content.size()};
  }

 private:
  // ONNX Runtime wants a graph name.
  [[nodiscard]] std::string named_graph() const {
    std::string out;
    protozero::pbf_writer(out).add_string(2, "g");
    return out + graph_bytes();
  }

  std::int64_t ir_version_ = 8;
  std::int64_t opset_ = 13;
  std::string extra_;
};

}  // namespace octet::test
