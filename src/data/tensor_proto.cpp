#include "data/tensor_proto.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <optional>
#include <protozero/pbf_reader.hpp>

#include "base/checked.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using protozero::pbf_reader;
using protozero::pbf_wire_type;

// Field numbers of TensorProto in onnx.proto.
enum Field : protozero::pbf_tag_type {
  dims = 1,
  data_type = 2,
  float_data = 4,
  int32_data = 5,
  string_data = 6,
  int64_data = 7,
  name = 8,
  raw_data = 9,
  double_data = 10,
  uint64_data = 11,
  data_location = 14,
};

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
}

// What the message holds, before anything is made of it.
struct Parts {
  std::vector<std::int64_t> dims;
  std::int32_t data_type = 0;
  std::string name;
  std::optional<std::string_view> raw;
  std::vector<float> floats;
  std::vector<double> doubles;
  std::vector<std::int64_t> integers;  // of int32_data and int64_data
  std::vector<std::uint64_t> unsigneds;
  std::vector<std::string> strings;
  bool external = false;
};

// Repeated numbers may be packed or one by one. A length that does not fit the bytes throws from
// protozero.
template <typename T, typename GetOne, typename GetPacked>
void append(pbf_reader& reader, std::vector<T>& out, GetOne get_one, GetPacked get_packed) {
  if (reader.wire_type() != pbf_wire_type::length_delimited) {
    out.push_back(static_cast<T>((reader.*get_one)()));
    return;
  }
  for (const auto value : (reader.*get_packed)()) out.push_back(static_cast<T>(value));
}

// protozero asserts on a wire type that a field cannot have, so it is looked at first.
bool wire_type_fits(const pbf_reader& reader) {
  const pbf_wire_type type = reader.wire_type();
  const bool bytes = type == pbf_wire_type::length_delimited;
  switch (reader.tag()) {
    case dims:
    case int32_data:
    case int64_data:
    case uint64_data:
      return bytes || type == pbf_wire_type::varint;
    case float_data:
      return bytes || type == pbf_wire_type::fixed32;
    case double_data:
      return bytes || type == pbf_wire_type::fixed64;
    case string_data:
    case name:
    case raw_data:
      return bytes;
    case data_type:
    case data_location:
      return type == pbf_wire_type::varint;
    default:
      return true;
  }
}

void read_field(pbf_reader& reader, Parts& out) {
  switch (reader.tag()) {
    case dims:
      return append(reader, out.dims, &pbf_reader::get_int64, &pbf_reader::get_packed_int64);
    case data_type:
      out.data_type = reader.get_int32();
      return;
    case float_data:
      return append(reader, out.floats, &pbf_reader::get_float, &pbf_reader::get_packed_float);
    case int32_data:
      return append(reader, out.integers, &pbf_reader::get_int32, &pbf_reader::get_packed_int32);
    case string_data:
      out.strings.push_back(reader.get_string());
      return;
    case int64_data:
      return append(reader, out.integers, &pbf_reader::get_int64, &pbf_reader::get_packed_int64);
    case name:
      out.name = reader.get_string();
      return;
    case raw_data: {
      const auto view = reader.get_view();
      out.raw = std::string_view(view.data(), view.size());
      return;
    }
    case double_data:
      return append(reader, out.doubles, &pbf_reader::get_double, &pbf_reader::get_packed_double);
    case uint64_data:
      return append(reader, out.unsigneds, &pbf_reader::get_uint64, &pbf_reader::get_packed_uint64);
    case data_location:
      out.external = reader.get_int32() != 0;
      return;
    default:
      reader.skip();
  }
}

Parts read_parts(std::string_view message, const std::string& label) {
  Parts out;
  try {
    pbf_reader reader(message.data(), message.size());
    while (reader.next()) {
      if (!wire_type_fits(reader)) {
        refuse(label, fmt::format("field {} has the wrong wire type; this is no ONNX tensor",
                                  reader.tag()));
      }
      read_field(reader, out);
    }
  } catch (const protozero::exception& error) {
    refuse(label, fmt::format("malformed TensorProto ({}); the file is damaged or no ONNX tensor",
                              error.what()));
  }
  return out;
}

template <typename T, typename From>
std::vector<std::byte> pack(const std::vector<From>& values) {
  std::vector<std::byte> out(values.size() * sizeof(T));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<T>(values[i]);
    std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
  }
  return out;
}

// Where onnx.proto puts the elements of each type when there is no raw_data.
std::vector<std::byte> typed_bytes(const Parts& parts, ElementType type) {
  switch (base::element_size(type)) {
    case 1:
      return pack<std::uint8_t>(parts.integers);
    case 2:
      return pack<std::uint16_t>(parts.integers);
    case 4:
      if (type == ElementType::float32) return pack<float>(parts.floats);
      if (type == ElementType::uint32) return pack<std::uint32_t>(parts.unsigneds);
      return pack<std::uint32_t>(parts.integers);
    default:
      if (type == ElementType::complex64) return pack<float>(parts.floats);
      if (type == ElementType::float64 || type == ElementType::complex128) {
        return pack<double>(parts.doubles);
      }
      if (type == ElementType::uint64) return pack<std::uint64_t>(parts.unsigneds);
      return pack<std::uint64_t>(parts.integers);
  }
}

}  // namespace

base::NamedTensor read_tensor_proto(std::string_view message, const std::string& label) {
  Parts parts = read_parts(message, label);
  const auto type = static_cast<ElementType>(parts.data_type);
  const bool strings = type == ElementType::string;
  if (!strings && base::element_size(type) == 0) {
    refuse(label, fmt::format("element type {} is not read", parts.data_type));
  }
  if (parts.external) {
    refuse(label, "its data are in another file; save the tensor with its data inside");
  }
  base::NamedTensor out{parts.name, {type, parts.dims, {}, std::move(parts.strings)}};
  if (!strings) {
    out.tensor.strings.clear();
    if (parts.raw) {
      const auto* begin = reinterpret_cast<const std::byte*>(parts.raw->data());
      out.tensor.bytes.assign(begin, begin + parts.raw->size());
    } else {
      out.tensor.bytes = typed_bytes(parts, type);
    }
  }
  const auto count = base::element_count(parts.dims);
  const auto size = count ? base::checked_mul(*count, base::element_size(type)) : std::nullopt;
  const bool fills =
      count && size &&
      (strings ? out.tensor.strings.size() == *count : out.tensor.bytes.size() == *size);
  if (!fills) {
    refuse(label, fmt::format("its data do not fill its shape [{}] of {}; the file is damaged",
                              fmt::join(parts.dims, ", "), base::element_name(type)));
  }
  return out;
}

}  // namespace octet::data
