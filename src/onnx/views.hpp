// Nodes, attributes and value declarations read in place. Every view lives as long as the bytes it
// was read from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/element_type.hpp"
#include "onnx/wire.hpp"

namespace octet::onnx {

struct AttributeView {
  Bytes message;
  std::string_view name;
  std::optional<float> f;
  std::optional<std::int64_t> i;
  std::string_view s;
  std::optional<Bytes> tensor;
  std::vector<Bytes> graphs;  // g, then graphs
  bool is_reference = false;  // ref_attr_name: the value comes from the function's caller

  // The lists, decoded anew at every call: a model of trees holds tens of millions of numbers that
  // nobody asks for. read_node has checked that they can be decoded.
  [[nodiscard]] std::vector<std::int64_t> ints() const;
  [[nodiscard]] std::vector<float> floats() const;
};

struct NodeView {
  Bytes message;
  std::string_view name;
  std::string_view op_type;
  std::string_view domain;  // "" and "ai.onnx" both mean ONNX's own; normalised to ""
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<AttributeView> attributes;
  std::vector<Bytes> annotations;  // doc_string and metadata_props, whole fields

  [[nodiscard]] const AttributeView* attribute(std::string_view attribute_name) const&;
  const AttributeView* attribute(std::string_view attribute_name) const&& = delete;
  [[nodiscard]] std::int64_t integer(std::string_view attribute_name, std::int64_t otherwise) const;
  [[nodiscard]] float real(std::string_view attribute_name, float otherwise) const;
  [[nodiscard]] bool is(std::string_view op) const { return domain.empty() && op_type == op; }
};

struct DimView {
  std::optional<std::int64_t> value;
  std::string_view symbol;
};

// A ValueInfoProto. `kind` is "tensor", "sequence", "map", "optional", "sparse" or "unknown".
struct ValueView {
  Bytes message;
  std::string_view name;
  std::string_view kind = "unknown";
  base::ElementType type = base::ElementType::undefined;
  bool has_shape = false;
  std::vector<DimView> dims;
};

struct OpsetView {
  std::string_view domain;  // normalised like NodeView::domain
  std::int64_t version = 0;
};

// All throw Error{invalid_model} naming byte and field.
[[nodiscard]] AttributeView read_attribute(Bytes message, const Origin& origin);
[[nodiscard]] NodeView read_node(Bytes message, const Origin& origin);
[[nodiscard]] ValueView read_value(Bytes message, const Origin& origin);
[[nodiscard]] OpsetView read_opset(Bytes message, const Origin& origin);

}  // namespace octet::onnx
