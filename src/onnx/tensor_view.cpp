#include "onnx/tensor_view.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/checked.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::onnx {
namespace {

namespace f = field::tensor;

std::uint64_t number(std::string_view text, const Reader& reader, const Field& field,
                     std::string_view key) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > INT64_MAX) {
    reader.fail(field.whole.data(), field.number,
                fmt::format("external data {} is not a whole number", key));
  }
  return value;
}

void read_external_entry(const Field& field, const Origin& origin, const Reader& tensor,
                         TensorView& view) {
  if (!view.external) view.external.emplace();
  std::string_view key;
  std::string_view value;
  Reader reader(field.payload, origin, "StringStringEntryProto");
  while (const auto entry = reader.next()) {
    if (entry->number == field::entry::key) key = entry->text();
    if (entry->number == field::entry::value) value = entry->text();
  }
  if (key == "location") view.external->location = value;
  if (key == "offset") view.external->offset = number(value, tensor, field, key);
  if (key == "length") view.external->length = number(value, tensor, field, key);
}

void read_float_data(const Field& field, const Reader& reader, TensorView& view) {
  if (field.type == WireType::fixed32) {
    view.scattered_floats.push_back(field.whole.last(4));
    return;
  }
  reader.expect(field, WireType::length);
  if (field.payload.size() % 4 != 0)
    reader.fail(field.whole.data(), field.number, "packed floats are cut short");
  if (!field.payload.empty()) view.scattered_floats.push_back(field.payload);
}

// The tensor's inline data must be what its shape says.
void check_data(const Reader& reader, bool has_raw, TensorView& view) {
  if (view.external) {
    if (view.external->location.empty()) {
      reader.fail(view.message.data(), f::external_data, "external data without a location");
    }
    return;
  }
  if (has_raw && view.raw.size() != view.size_bytes()) {
    reader.fail(view.message.data(), f::raw_data,
                fmt::format("tensor \"{}\" holds {} bytes where its shape asks for {}", view.name,
                            view.raw.size(), view.size_bytes()));
  }
  if (has_raw || view.type != base::ElementType::float32) {
    view.scattered_floats.clear();
    return;
  }
  std::uint64_t held = 0;
  for (const Bytes run : view.scattered_floats) held += run.size() / 4;
  if (held != view.elements) {
    reader.fail(view.message.data(), f::float_data,
                fmt::format("tensor \"{}\" holds {} floats where its shape asks for {}", view.name,
                            held, view.elements));
  }
  if (view.scattered_floats.size() == 1) {
    view.raw = view.scattered_floats.front();
    view.scattered_floats.clear();
  }
}

}  // namespace

TensorView read_tensor(Bytes message, const Origin& origin) {
  TensorView view;
  view.message = message;
  bool has_raw = false;
  bool external = false;
  Reader reader(message, origin, "TensorProto");
  while (const auto field = reader.next()) {
    switch (field->number) {
      case f::dims:
        reader.integers(
            *field, [&](std::uint64_t d) { view.dims.push_back(static_cast<std::int64_t>(d)); });
        break;
      case f::data_type:
        reader.expect(*field, WireType::varint);
        view.type = static_cast<base::ElementType>(field->value);
        break;
      case f::name:
        reader.expect(*field, WireType::length);
        view.name = field->text();
        break;
      case f::raw_data:
        reader.expect(*field, WireType::length);
        view.raw = field->payload;
        has_raw = true;
        break;
      case f::float_data:
        read_float_data(*field, reader, view);
        break;
      case f::external_data:
        reader.expect(*field, WireType::length);
        read_external_entry(*field, origin, reader, view);
        break;
      case f::data_location:
        reader.expect(*field, WireType::varint);
        external = field->value == 1;
        break;
      case f::segment:
        reader.fail(field->whole.data(), field->number, "segmented tensors are not supported");
      default:
        break;
    }
  }
  const auto elements = base::element_count(view.dims);
  if (!elements || !base::checked_mul(*elements, 16)) {
    reader.fail(message.data(), f::dims,
                fmt::format("tensor \"{}\" has a negative or impossible shape", view.name));
  }
  view.elements = *elements;
  if (!external) view.external.reset();
  if (external && !view.external) {
    reader.fail(message.data(), f::external_data, "external data without a location");
  }
  check_data(reader, has_raw, view);
  return view;
}

}  // namespace octet::onnx
