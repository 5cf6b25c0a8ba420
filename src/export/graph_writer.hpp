// An ONNX model written from nothing: nodes and initializers in the order in which they are added.
//
// Names are unique by construction. The same calls give the same bytes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/element_type.hpp"
#include "onnx/declarations.hpp"
#include "onnx/message.hpp"

namespace octet::exporting {

using base::ElementType;
using onnx::Dimension;

struct Attribute {
  std::string_view name;
  onnx::Message message;  // an AttributeProto
};

[[nodiscard]] Attribute integer(std::string_view name, std::int64_t value);
[[nodiscard]] Attribute real(std::string_view name, float value);
[[nodiscard]] Attribute text(std::string_view name, std::string_view value);
[[nodiscard]] Attribute integers(std::string_view name, std::span<const std::int64_t> values);
[[nodiscard]] Attribute floats(std::string_view name, std::span<const float> values);
[[nodiscard]] Attribute texts(std::string_view name, std::span<const std::string> values);
[[nodiscard]] Attribute texts(std::string_view name, std::span<const std::string_view> values);
// Tensors of one dimension as attributes.
[[nodiscard]] Attribute doubles(std::string_view name, std::span<const double> values);

using Attributes = std::vector<Attribute>;

inline constexpr std::string_view ml_domain = "ai.onnx.ml";
inline constexpr std::string_view contrib_domain = "com.microsoft";

class GraphWriter {
 public:
  // Opens the names of the nodes and values added from now on.
  void set_place(std::string place) { place_ = std::move(place); }

  void input(std::string_view name, ElementType type, std::initializer_list<Dimension> dims);
  void output(std::string_view name, ElementType type, std::initializer_list<Dimension> dims);

  // The name of the initializer.
  std::string numbers(std::span<const double> values, std::initializer_list<std::int64_t> dims,
                      ElementType type);  // float32 (rounded) or float64
  std::string integers(std::span<const std::int64_t> values,
                       std::initializer_list<std::int64_t> dims);
  std::string texts(std::span<const std::string> values, std::initializer_list<std::int64_t> dims);

  // The names of the node's outputs; the first, or only one.
  std::vector<std::string> nodes(std::string_view op, const std::vector<std::string>& inputs,
                                 std::size_t outputs, Attributes attributes = {},
                                 std::string_view domain = {});
  std::string node(std::string_view op, const std::vector<std::string>& inputs,
                   Attributes attributes = {}, std::string_view domain = {});
  // A node whose output has this name.
  void named(std::string_view op, const std::vector<std::string>& inputs, std::string_view output,
             Attributes attributes = {});

  // An entry of the model's metadata_props.
  void note(std::string_view key, std::string_view value);
  // The version of ai.onnx.ml that its operators are of; 3 unless said.
  void set_ml_opset(std::int64_t version) { ml_opset_ = version; }

  // The model's bytes. Throws Error{unsupported} when a model cannot be as large.
  [[nodiscard]] std::string finish() &&;

 private:
  std::string fresh(std::string_view what);
  std::string initializer(onnx::Message tensor, std::string_view what);
  void write_node(std::string_view op, const std::vector<std::string>& inputs,
                  const std::vector<std::string>& outputs, Attributes attributes,
                  std::string_view domain);

  std::string place_;
  std::uint64_t next_ = 0;
  std::int64_t ml_opset_ = 3;
  bool uses_ml_ = false;
  bool uses_contrib_ = false;
  onnx::Message notes_;
  onnx::Message nodes_;
  onnx::Message initializers_;
  onnx::Message inputs_;
  onnx::Message outputs_;
};

}  // namespace octet::exporting
