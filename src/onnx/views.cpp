#include "onnx/views.hpp"

#include <bit>
#include <cstring>

#include "onnx/field_numbers.hpp"

namespace octet::onnx {
namespace {

std::string_view normalised(std::string_view domain) {
  return domain == "ai.onnx" ? std::string_view{} : domain;
}

void check_floats(const Field& field, const Reader& reader) {
  if (field.type == WireType::fixed32) return;
  reader.expect(field, WireType::length);
  if (field.payload.size() % 4 != 0)
    reader.fail(field.whole.data(), field.number, "packed floats are cut short");
}

void append_floats(const Field& field, std::vector<float>& out) {
  if (field.type == WireType::fixed32) {
    out.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(field.value)));
    return;
  }
  const std::size_t before = out.size();
  out.resize(before + field.payload.size() / 4);
  if (!field.payload.empty())
    std::memcpy(out.data() + before, field.payload.data(), field.payload.size());
}

DimView read_dim(Bytes message, const Origin& origin) {
  DimView view;
  Reader reader(message, origin, "TensorShapeProto.Dimension");
  while (const auto field = reader.next()) {
    if (field->number == field::shape::dim_value && field->type == WireType::varint)
      view.value = field->integer();
    if (field->number == field::shape::dim_param) view.symbol = field->text();
  }
  return view;
}

void read_tensor_type(Bytes message, const Origin& origin, ValueView& view) {
  Reader reader(message, origin, "TypeProto.Tensor");
  while (const auto field = reader.next()) {
    if (field->number == field::tensor_type::elem_type) {
      reader.expect(*field, WireType::varint);
      view.type = static_cast<base::ElementType>(field->value);
    } else if (field->number == field::tensor_type::shape) {
      reader.expect(*field, WireType::length);
      view.has_shape = true;
      Reader shape(field->payload, origin, "TensorShapeProto");
      while (const auto dim = shape.next()) {
        if (dim->number != field::shape::dim) continue;
        shape.expect(*dim, WireType::length);
        view.dims.push_back(read_dim(dim->payload, origin));
      }
    }
  }
}

void read_type(Bytes message, const Origin& origin, ValueView& view) {
  Reader reader(message, origin, "TypeProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case field::type::tensor:
        reader.expect(*field, WireType::length);
        view.kind = "tensor";
        read_tensor_type(field->payload, origin, view);
        break;
      case field::type::sequence:
        view.kind = "sequence";
        break;
      case field::type::map:
        view.kind = "map";
        break;
      case field::type::optional:
        view.kind = "optional";
        break;
      case field::type::sparse_tensor:
        view.kind = "sparse";
        break;
      default:
        break;
    }
  }
}

// Calls sink(field, reader) for the fields of this number in a message that was read before.
template <typename Sink>
void each_field(Bytes message, std::uint32_t number, const Sink& sink) {
  const Origin origin{"", message.data()};
  Reader reader(message, origin, "AttributeProto");
  while (const auto field = reader.next()) {
    if (field->number == number) sink(*field, reader);
  }
}

}  // namespace

std::vector<std::int64_t> AttributeView::ints() const {
  std::vector<std::int64_t> out;
  each_field(message, field::attribute::ints, [&](const Field& field, const Reader& reader) {
    reader.integers(field, [&](std::uint64_t v) { out.push_back(static_cast<std::int64_t>(v)); });
  });
  return out;
}

std::vector<float> AttributeView::floats() const {
  std::vector<float> out;
  each_field(message, field::attribute::floats,
             [&](const Field& field, const Reader&) { append_floats(field, out); });
  return out;
}

const AttributeView* NodeView::attribute(std::string_view attribute_name) const& {
  for (const AttributeView& view : attributes) {
    if (view.name == attribute_name) return &view;
  }
  return nullptr;
}

std::int64_t NodeView::integer(std::string_view attribute_name, std::int64_t otherwise) const {
  const AttributeView* view = attribute(attribute_name);
  return view ? view->i.value_or(view->is_reference ? otherwise : 0) : otherwise;
}

float NodeView::real(std::string_view attribute_name, float otherwise) const {
  const AttributeView* view = attribute(attribute_name);
  return view ? view->f.value_or(view->is_reference ? otherwise : 0.0F) : otherwise;
}

AttributeView read_attribute(Bytes message, const Origin& origin) {
  namespace f = field::attribute;
  AttributeView view;
  view.message = message;
  Reader reader(message, origin, "AttributeProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::name:
        reader.expect(*field, WireType::length);
        view.name = field->text();
        break;
      case f::f:
        reader.expect(*field, WireType::fixed32);
        view.f = std::bit_cast<float>(static_cast<std::uint32_t>(field->value));
        break;
      case f::i:
        reader.expect(*field, WireType::varint);
        view.i = field->integer();
        break;
      case f::s:
        reader.expect(*field, WireType::length);
        view.s = field->text();
        break;
      case f::t:
        reader.expect(*field, WireType::length);
        view.tensor = field->payload;
        break;
      case f::g:
      case f::graphs:
        reader.expect(*field, WireType::length);
        view.graphs.push_back(field->payload);
        break;
      case f::ints:
        reader.integers(*field, [](std::uint64_t) {});
        break;
      case f::floats:
        check_floats(*field, reader);
        break;
      case f::ref_attr_name:
        view.is_reference = !field->payload.empty();
        break;
      default:
        break;
    }
  }
  return view;
}

NodeView read_node(Bytes message, const Origin& origin) {
  namespace f = field::node;
  NodeView view;
  view.message = message;
  Reader reader(message, origin, "NodeProto");
  while (const auto field = reader.next()) {
    if (field->number > f::domain && field->number != f::metadata_props) continue;
    reader.expect(*field, WireType::length);
    switch (field->number) {
      case f::doc_string:
      case f::metadata_props:
        view.annotations.push_back(field->whole);
        break;
      case f::input:
        view.inputs.push_back(field->text());
        break;
      case f::output:
        view.outputs.push_back(field->text());
        break;
      case f::name:
        view.name = field->text();
        break;
      case f::op_type:
        view.op_type = field->text();
        break;
      case f::attribute:
        view.attributes.push_back(read_attribute(field->payload, origin));
        break;
      case f::domain:
        view.domain = normalised(field->text());
        break;
      default:
        break;
    }
  }
  return view;
}

ValueView read_value(Bytes message, const Origin& origin) {
  ValueView view;
  view.message = message;
  Reader reader(message, origin, "ValueInfoProto");
  while (const auto field = reader.next()) {
    if (field->number == field::value_info::name) {
      reader.expect(*field, WireType::length);
      view.name = field->text();
    } else if (field->number == field::value_info::type) {
      reader.expect(*field, WireType::length);
      read_type(field->payload, origin, view);
    }
  }
  return view;
}

OpsetView read_opset(Bytes message, const Origin& origin) {
  OpsetView view;
  Reader reader(message, origin, "OperatorSetIdProto");
  while (const auto field = reader.next()) {
    if (field->number == field::opset::domain) view.domain = normalised(field->text());
    if (field->number == field::opset::version) view.version = field->integer();
  }
  return view;
}

}  // namespace octet::onnx
