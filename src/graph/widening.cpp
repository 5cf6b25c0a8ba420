#include "graph/widening.hpp"

#include <array>
#include <cstring>

#include "base/half_floats.hpp"
#include "graph/widening_scan.hpp"
#include "onnx/field_numbers.hpp"
#include "onnx/message.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;
using base::ElementType;

constexpr std::uint64_t wide = static_cast<std::uint64_t>(ElementType::float32);

float wide_number(ElementType type, const std::byte* at) {
  if (type == ElementType::float64) {
    double number = 0;
    std::memcpy(&number, at, sizeof number);
    return static_cast<float>(number);
  }
  std::uint16_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return type == ElementType::float16 ? base::float_from_float16(bits)
                                      : base::float_from_bfloat16(bits);
}

void append(std::string& out, float number) {
  std::array<char, 4> bytes;
  std::memcpy(bytes.data(), &number, 4);
  out.append(bytes.data(), 4);
}

// Halves may lie as the low bits of int32_data, doubles as double_data.
std::string wide_numbers(const onnx::TensorView& tensor, const onnx::Origin& origin) {
  std::string out;
  const std::size_t size = base::element_size(tensor.type);
  for (std::size_t i = 0; i + size <= tensor.raw.size(); i += size)
    append(out, wide_number(tensor.type, tensor.raw.data() + i));
  if (!tensor.raw.empty()) return out;
  onnx::Reader reader(tensor.message, origin, "TensorProto");
  while (const auto field = reader.next()) {
    if (field->number == f::tensor::int32_data) {
      reader.integers(*field, [&](std::uint64_t value) {
        const auto bits = static_cast<std::uint16_t>(value);
        append(out, wide_number(tensor.type, reinterpret_cast<const std::byte*>(&bits)));
      });
    } else if (field->number == f::tensor::double_data) {
      if (field->type == onnx::WireType::fixed64)
        append(out, wide_number(tensor.type, reinterpret_cast<const std::byte*>(&field->value)));
      for (std::size_t i = 0; i + 8 <= field->payload.size(); i += 8)
        append(out, wide_number(tensor.type, field->payload.data() + i));
    }
  }
  out.resize(4 * tensor.elements);  // whatever a damaged file leaves out
  return out;
}

std::string cast(std::string_view from, std::string_view to, ElementType type) {
  onnx::Message attribute;
  attribute.text(f::attribute::name, "to");
  attribute.varint(f::attribute::i, static_cast<std::uint64_t>(type));
  attribute.varint(f::attribute::type, f::attribute::type_int);
  onnx::Message node;
  node.text(f::node::input, from);
  node.text(f::node::output, to);
  node.text(f::node::name, std::string(to) + "_Cast");
  node.text(f::node::op_type, "Cast");
  node.message(f::node::attribute, std::move(attribute));
  return node.bytes();
}

bool names_a_type(std::string_view attribute) {
  return attribute == "to" || attribute == "dtype" || attribute == "output_datatype";
}

}  // namespace

std::optional<Widening> Widening::of(onnx::Bytes graph, const onnx::Origin& origin,
                                     const std::set<std::string_view>& known_domains) {
  WideningScan scan(origin, known_domains);
  scan.read(graph, 0);
  return scan.result();
}

std::string_view Widening::name(std::string_view value) const {
  const auto found = names_.find(value);
  return found == names_.end() ? value : std::string_view(found->second);
}

std::optional<std::string> Widening::node(const onnx::NodeView& view) const {
  bool changed = false;
  onnx::Message out;
  onnx::Reader reader(view.message, *origin_, "NodeProto");
  for (std::size_t attributes = 0; const auto field = reader.next();) {
    switch (field->number) {
      case f::node::input:
      case f::node::output: {
        const std::string_view wide_name = name(field->text());
        changed = changed || wide_name != field->text();
        out.text(field->number, wide_name);
        break;
      }
      case f::node::attribute: {
        const std::string bytes = attribute(view.attributes[attributes++], changed);
        out.text(field->number, bytes);
        break;
      }
      default:
        out.copy(field->whole);
    }
  }
  if (!changed) return std::nullopt;
  return out.bytes();
}

std::string Widening::attribute(const onnx::AttributeView& view, bool& changed) const {
  onnx::Message out;
  onnx::Reader reader(view.message, *origin_, "AttributeProto");
  while (const auto field = reader.next()) {
    if (field->number == f::attribute::i && names_a_type(view.name) &&
        narrow(static_cast<ElementType>(field->integer()))) {
      out.varint(f::attribute::i, wide);
      changed = true;
    } else if (field->number == f::attribute::t) {
      const onnx::TensorView inside = onnx::read_tensor(field->payload, *origin_);
      const bool widens = narrow(inside.type) && !inside.external;
      changed = changed || widens;
      if (widens)
        out.text(f::attribute::t, tensor(inside));
      else
        out.copy(field->whole);
    } else {
      out.copy(field->whole);
    }
  }
  return out.bytes();
}

std::string Widening::tensor(const onnx::TensorView& tensor) const {
  onnx::Message out;
  for (const std::int64_t d : tensor.dims)
    out.varint(f::tensor::dims, static_cast<std::uint64_t>(d));
  out.varint(f::tensor::data_type, wide);
  out.text(f::tensor::name, tensor.name);
  out.text(f::tensor::raw_data, wide_numbers(tensor, *origin_));
  return out.bytes();
}

std::vector<std::string> Widening::casts_of_inputs() const {
  std::vector<std::string> out;
  for (const auto& [name, type] : inputs_) out.push_back(cast_of(name));
  return out;
}

std::vector<std::string> Widening::casts_of_outputs() const {
  std::vector<std::string> out;
  for (const auto& [name, type] : outputs_) out.push_back(cast(names_.at(name), name, type));
  return out;
}

std::string Widening::cast_of(std::string_view weight) const {
  return cast(weight, name(weight), ElementType::float32);
}

std::string Widening::value(onnx::Bytes value_info) const {
  onnx::Message out;
  onnx::Reader reader(value_info, *origin_, "ValueInfoProto");
  while (const auto field = reader.next()) {
    if (field->number != f::value_info::type) {
      out.copy(field->whole);
      continue;
    }
    onnx::Message type;
    onnx::Reader types(field->payload, *origin_, "TypeProto");
    while (const auto kind = types.next()) {
      if (kind->number != f::type::tensor) {
        type.copy(kind->whole);
        continue;
      }
      onnx::Message tensor;
      onnx::Reader parts(kind->payload, *origin_, "TypeProto.Tensor");
      while (const auto part = parts.next()) {
        if (part->number == f::tensor_type::elem_type &&
            narrow(static_cast<ElementType>(part->value)))
          tensor.varint(f::tensor_type::elem_type, wide);
        else
          tensor.copy(part->whole);
      }
      type.message(f::type::tensor, std::move(tensor));
    }
    out.message(f::value_info::type, std::move(type));
  }
  return out.bytes();
}

}  // namespace octet::graph
