#include "export/graph_writer.hpp"

#include <fmt/format.h>

#include <utility>

#include "octet/error.hpp"
#include "onnx/attribute_message.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::exporting {
namespace {

using onnx::Message;
namespace field = onnx::field;

constexpr std::int64_t ir_version = 8;
constexpr std::int64_t opset = 17;
constexpr std::uint64_t most_bytes = (std::uint64_t{1} << 31U) - 1;  // protobuf's

template <typename T>
std::string_view raw(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace

Attribute integer(std::string_view name, std::int64_t value) {
  return {name, onnx::attribute_of(name, value)};
}

Attribute real(std::string_view name, float value) {
  return {name, onnx::attribute_of(name, value)};
}

Attribute text(std::string_view name, std::string_view value) {
  return {name, onnx::attribute_of(name, value)};
}

Attribute integers(std::string_view name, std::span<const std::int64_t> values) {
  return {name, onnx::attribute_of(name, values)};
}

Attribute floats(std::string_view name, std::span<const float> values) {
  return {name, onnx::attribute_of(name, values)};
}

Attribute texts(std::string_view name, std::span<const std::string> values) {
  return {name, onnx::attribute_of(name, values)};
}

Attribute texts(std::string_view name, std::span<const std::string_view> values) {
  return {name, onnx::attribute_of(name, values)};
}

Attribute doubles(std::string_view name, std::span<const double> values) {
  return {name,
          onnx::tensor_attribute(name, ElementType::float64, std::ssize(values), raw(values))};
}

std::string GraphWriter::fresh(std::string_view what) {
  return fmt::format("{}{}{}_{}", place_, place_.empty() ? "" : "/", what, next_++);
}

void GraphWriter::input(std::string_view name, ElementType type,
                        std::initializer_list<Dimension> dims) {
  inputs_.message(field::graph::input,
                  onnx::value_info(name, type, std::span(dims.begin(), dims.size())));
}

void GraphWriter::output(std::string_view name, ElementType type,
                         std::initializer_list<Dimension> dims) {
  outputs_.message(field::graph::output,
                   onnx::value_info(name, type, std::span(dims.begin(), dims.size())));
}

std::string GraphWriter::initializer(Message tensor, std::string_view what) {
  std::string name = fresh(what);
  tensor.text(field::tensor::name, name);
  initializers_.message(field::graph::initializer, std::move(tensor));
  return name;
}

std::string GraphWriter::numbers(std::span<const double> values,
                                 std::initializer_list<std::int64_t> dims, ElementType type) {
  Message tensor = onnx::tensor_head(type, dims);
  if (type == ElementType::float64) {
    tensor.text(field::tensor::raw_data, raw(values));
  } else {
    const std::vector<float> rounded = [&] {
      std::vector<float> out;
      out.reserve(values.size());
      for (const double value : values) out.push_back(static_cast<float>(value));
      return out;
    }();
    tensor.text(field::tensor::raw_data, raw(std::span<const float>(rounded)));
  }
  return initializer(std::move(tensor), "numbers");
}

std::string GraphWriter::integers(std::span<const std::int64_t> values,
                                  std::initializer_list<std::int64_t> dims) {
  Message tensor = onnx::tensor_head(ElementType::int64, dims);
  tensor.text(field::tensor::raw_data, raw(values));
  return initializer(std::move(tensor), "integers");
}

std::string GraphWriter::texts(std::span<const std::string> values,
                               std::initializer_list<std::int64_t> dims) {
  Message tensor = onnx::tensor_head(ElementType::string, dims);
  for (const std::string& value : values) tensor.text(field::tensor::string_data, value);
  return initializer(std::move(tensor), "texts");
}

void GraphWriter::write_node(std::string_view op, const std::vector<std::string>& inputs,
                             const std::vector<std::string>& outputs, Attributes attributes,
                             std::string_view domain) {
  Message node;
  for (const std::string& name : inputs) node.text(field::node::input, name);
  for (const std::string& name : outputs) node.text(field::node::output, name);
  node.text(field::node::name, fmt::format("{}_node", outputs.front()));
  node.text(field::node::op_type, op);
  for (Attribute& one : attributes) node.message(field::node::attribute, std::move(one.message));
  if (!domain.empty()) node.text(field::node::domain, domain);
  uses_ml_ = uses_ml_ || domain == ml_domain;
  uses_contrib_ = uses_contrib_ || domain == contrib_domain;
  nodes_.message(field::graph::node, std::move(node));
}

std::vector<std::string> GraphWriter::nodes(std::string_view op,
                                            const std::vector<std::string>& inputs,
                                            std::size_t outputs, Attributes attributes,
                                            std::string_view domain) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < outputs; ++i) names.push_back(fresh(op));
  write_node(op, inputs, names, std::move(attributes), domain);
  return names;
}

std::string GraphWriter::node(std::string_view op, const std::vector<std::string>& inputs,
                              Attributes attributes, std::string_view domain) {
  return nodes(op, inputs, 1, std::move(attributes), domain).front();
}

void GraphWriter::named(std::string_view op, const std::vector<std::string>& inputs,
                        std::string_view output, Attributes attributes) {
  write_node(op, inputs, {std::string(output)}, std::move(attributes), {});
}

void GraphWriter::note(std::string_view key, std::string_view value) {
  constexpr std::uint32_t metadata_props = 14;  // of ModelProto, a StringStringEntryProto
  Message entry;
  entry.text(1, key);
  entry.text(2, value);
  notes_.message(metadata_props, std::move(entry));
}

std::string GraphWriter::finish() && {
  std::string graph = nodes_.bytes();
  Message name;
  name.text(field::graph::name, "octet");
  graph += name.bytes() + initializers_.bytes() + inputs_.bytes() + outputs_.bytes();
  if (graph.size() > most_bytes - 1024) {
    throw Error(ErrorCode::unsupported,
                "as ONNX the model would have more than 2 GB, which no reader takes");
  }
  Message model;
  model.varint(field::model::ir_version, static_cast<std::uint64_t>(ir_version));
  model.text(field::model::producer_name, "octet");
  model.text(field::model::graph, graph);
  model.message(field::model::opset_import, onnx::opset_import("", opset));
  if (uses_ml_) model.message(field::model::opset_import, onnx::opset_import(ml_domain, ml_opset_));
  if (uses_contrib_)
    model.message(field::model::opset_import, onnx::opset_import(contrib_domain, 1));
  return model.bytes() + notes_.bytes();
}

}  // namespace octet::exporting
