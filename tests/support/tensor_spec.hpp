// Tensors as a test writes them into a model or into an input_0.pb: TensorProto bytes, right or
// wrong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/element_type.hpp"
#include "protozero/pbf_writer.hpp"

namespace octet::test {

using base::ElementType;
using Names = std::vector<std::string>;

// What a TensorProto says. `raw` is written as raw_data; `typed` moves it to float_data, int64_data
// … instead; `external` are the entries (location, offset, length …) of data in another file.
struct TensorSpec {
  std::string name = {};
  ElementType type = ElementType::float32;
  std::vector<std::int64_t> dims = {};
  std::string raw = {};
  std::vector<std::string> strings = {};
  std::vector<std::pair<std::string, std::string>> external = {};
  bool typed = false;

  [[nodiscard]] std::string bytes() const;
};

namespace detail {

template <typename T>
consteval ElementType type_of() {
  if (std::is_same_v<T, float>) return ElementType::float32;
  if (std::is_same_v<T, double>) return ElementType::float64;
  if (std::is_same_v<T, bool>) return ElementType::boolean;
  if (std::is_same_v<T, std::uint8_t>) return ElementType::uint8;
  if (std::is_same_v<T, std::int8_t>) return ElementType::int8;
  if (std::is_same_v<T, std::uint16_t>) return ElementType::uint16;
  if (std::is_same_v<T, std::int16_t>) return ElementType::int16;
  if (std::is_same_v<T, std::uint32_t>) return ElementType::uint32;
  if (std::is_same_v<T, std::int32_t>) return ElementType::int32;
  if (std::is_same_v<T, std::uint64_t>) return ElementType::uint64;
  if (std::is_same_v<T, std::int64_t>) return ElementType::int64;
  return ElementType::undefined;
}

template <typename T>
std::vector<T> unpack(const std::string& raw) {
  std::vector<T> out(raw.size() / sizeof(T));
  if (!out.empty()) std::memcpy(out.data(), raw.data(), out.size() * sizeof(T));
  return out;
}

// The element types that share int32_data.
template <typename T>
void add_int32_data(protozero::pbf_writer& writer, const std::string& raw) {
  const auto values = unpack<T>(raw);
  writer.add_packed_int32(5, values.begin(), values.end());
}

inline void add_typed(protozero::pbf_writer& writer, ElementType type, const std::string& raw) {
  const auto packed = [&](auto values, auto add) { add(values.begin(), values.end()); };
  const auto as_floats = [&](auto b, auto e) { writer.add_packed_float(4, b, e); };
  const auto as_int64 = [&](auto b, auto e) { writer.add_packed_int64(7, b, e); };
  const auto as_doubles = [&](auto b, auto e) { writer.add_packed_double(10, b, e); };
  const auto as_uint64 = [&](auto b, auto e) { writer.add_packed_uint64(11, b, e); };
  switch (type) {
    case ElementType::float32:
      return packed(unpack<float>(raw), as_floats);
    case ElementType::float64:
      return packed(unpack<double>(raw), as_doubles);
    case ElementType::int64:
      return packed(unpack<std::int64_t>(raw), as_int64);
    case ElementType::uint64:
      return packed(unpack<std::uint64_t>(raw), as_uint64);
    case ElementType::uint32:
      return packed(unpack<std::uint32_t>(raw), as_uint64);
    case ElementType::int32:
      return add_int32_data<std::int32_t>(writer, raw);
    case ElementType::int16:
      return add_int32_data<std::int16_t>(writer, raw);
    case ElementType::uint16:
    case ElementType::float16:
    case ElementType::bfloat16:
      return add_int32_data<std::uint16_t>(writer, raw);
    case ElementType::int8:
      return add_int32_data<std::int8_t>(writer, raw);
    default:
      return add_int32_data<std::uint8_t>(writer, raw);
  }
}

inline std::string pair_bytes(const std::string& key, const std::string& value) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_string(1, key);
  writer.add_string(2, value);
  return out;
}

}  // namespace detail

inline std::string TensorSpec::bytes() const {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_packed_int64(1, dims.begin(), dims.end());
  writer.add_int32(2, static_cast<std::int32_t>(type));
  for (const std::string& text : strings) writer.add_bytes(6, text);
  if (!name.empty()) writer.add_string(8, name);
  if (!external.empty()) {
    for (const auto& [key, value] : external) {
      writer.add_message(13, detail::pair_bytes(key, value));
    }
    writer.add_int32(14, 1);
  } else if (type != ElementType::string) {
    if (typed) {
      detail::add_typed(writer, type, raw);
    } else {
      writer.add_bytes(9, raw);
    }
  }
  return out;
}

// A tensor of plain numbers: tensor<float>({2, 3}, {1, 2, 3, 4, 5, 6}); an empty `dims` is a
// scalar.
template <typename T>
[[nodiscard]] TensorSpec tensor(std::vector<std::int64_t> dims, const std::vector<T>& values) {
  TensorSpec out{.type = detail::type_of<T>(), .dims = std::move(dims)};
  out.raw.reserve(values.size() * sizeof(T));
  for (const T value : values) {
    out.raw.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  return out;
}

[[nodiscard]] inline TensorSpec string_tensor(std::vector<std::int64_t> dims, Names values) {
  return {.type = ElementType::string, .dims = std::move(dims), .strings = std::move(values)};
}

// The same tensor with its numbers in float_data, int64_data …
[[nodiscard]] inline TensorSpec typed(TensorSpec spec) {
  spec.typed = true;
  return spec;
}

// A tensor whose bytes are in `location`, relative to the model's folder.
[[nodiscard]] inline TensorSpec external_tensor(ElementType type, std::vector<std::int64_t> dims,
                                                const std::string& location, std::uint64_t offset,
                                                std::uint64_t length) {
  return {.type = type,
          .dims = std::move(dims),
          .external = {{"location", location},
                       {"offset", std::to_string(offset)},
                       {"length", std::to_string(length)}}};
}

}  // namespace octet::test
