#include "trained/values.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "trained/pickle_text.hpp"

namespace octet::trained {
namespace {

template <typename T>
T load(const std::byte* from, bool swapped) {
  unsigned char raw[sizeof(T)];
  std::memcpy(raw, from, sizeof(T));
  if (swapped) std::reverse(raw, raw + sizeof(T));
  T out;
  std::memcpy(&out, raw, sizeof(T));
  return out;
}

std::optional<double> element(const std::byte* at, char kind, std::uint32_t size, bool swapped) {
  const auto is = [&](char k, std::uint32_t s) { return kind == k && size == s; };
  if (is('f', 8)) return load<double>(at, swapped);
  if (is('f', 4)) return static_cast<double>(load<float>(at, swapped));
  if (is('i', 8) || is('m', 8) || is('M', 8))
    return static_cast<double>(load<std::int64_t>(at, swapped));
  if (is('i', 4)) return load<std::int32_t>(at, swapped);
  if (is('i', 2)) return load<std::int16_t>(at, swapped);
  if (is('i', 1)) return load<std::int8_t>(at, swapped);
  if (is('u', 8)) return static_cast<double>(load<std::uint64_t>(at, swapped));
  if (is('u', 4)) return load<std::uint32_t>(at, swapped);
  if (is('u', 2)) return load<std::uint16_t>(at, swapped);
  if (is('u', 1) || is('b', 1)) return load<std::uint8_t>(at, swapped);
  return std::nullopt;
}

std::string text_element(const std::byte* at, const DType& dtype) {
  std::string out;
  if (dtype.kind == 'S') {
    out.assign(reinterpret_cast<const char*>(at), dtype.size_bytes);
    out.resize(std::min(out.size(), out.find('\0')));
    return out;
  }
  for (std::uint32_t i = 0; i < dtype.size_bytes; i += 4) {
    const auto letter = load<std::uint32_t>(at + i, dtype.swapped);
    if (letter == 0) break;
    append_utf8(out, letter > 0x10ffff ? 0xfffdU : letter);
  }
  return out;
}

// Where element i of the row-major order lies in the data.
std::vector<std::uint64_t> places(const Array& array) {
  std::vector<std::uint64_t> out(array.count);
  for (std::uint64_t i = 0; i < array.count; ++i) {
    std::uint64_t rest = i;
    std::uint64_t at = 0;
    if (!array.fortran) {
      at = i;
    } else {
      std::uint64_t stride = array.count;
      for (std::size_t d = array.shape.size(); d-- > 0;) {
        stride /= array.shape[d];
        at += rest % array.shape[d] * stride;
        rest /= array.shape[d];
      }
    }
    out[i] = at;
  }
  return out;
}

std::optional<NumberArray> numbers_of_items(const Records& records, std::span<const Ref> items) {
  NumberArray out;
  out.shape = {items.size()};
  for (const Ref item : items) {
    const bool is_none = records.is(item, Kind::none);
    const auto number = is_none ? std::optional(std::numeric_limits<double>::quiet_NaN())
                                : number_of(records, item);
    if (!number) return std::nullopt;
    out.numbers.push_back(*number);
  }
  return out;
}

bool is_sequence(const Records& records, Ref ref) {
  return records.is(ref, Kind::list) || records.is(ref, Kind::tuple);
}

}  // namespace

std::optional<double> number_of(const Records& records, Ref ref) {
  if (ref == no_ref) return std::nullopt;
  switch (records.kind(ref)) {
    case Kind::boolean:
    case Kind::integer:
      return static_cast<double>(records.integer(ref));
    case Kind::real:
      return records.real(ref);
    case Kind::array:
    case Kind::scalar: {
      const Array& array = records.array(ref);
      if (!array.is_complete || array.count != 1) return std::nullopt;
      const DType& dtype = records.dtype(array.dtype);
      if (dtype.kind == 'O') return number_of(records, array.objects[0]);
      return element(array.data.data(), dtype.kind, dtype.size_bytes, dtype.swapped);
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::string> text_of(const Records& records, Ref ref) {
  if (records.is(ref, Kind::text)) return std::string(records.text(ref));
  if (!records.is(ref, Kind::scalar)) return std::nullopt;
  const Array& array = records.array(ref);
  const DType& dtype = records.dtype(array.dtype);
  if (dtype.kind != 'U' && dtype.kind != 'S') return std::nullopt;
  return text_element(array.data.data(), dtype);
}

std::optional<NumberArray> numbers_of(const Records& records, Ref ref) {
  if (ref == no_ref) return std::nullopt;
  if (is_sequence(records, ref)) return numbers_of_items(records, records.items(ref));
  if (!records.is(ref, Kind::array)) {
    const auto one = number_of(records, ref);
    return one ? std::optional(NumberArray{{}, {*one}}) : std::nullopt;
  }
  const Array& array = records.array(ref);
  if (!array.is_complete) return std::nullopt;
  const DType& dtype = records.dtype(array.dtype);
  const std::vector<std::uint64_t> order = places(array);
  NumberArray out;
  if (dtype.kind == 'O') {
    std::vector<Ref> items;
    for (const std::uint64_t at : order) items.push_back(array.objects[at]);
    auto found = numbers_of_items(records, items);
    if (found) found->shape = array.shape;
    return found;
  }
  out.shape = array.shape;
  out.numbers.reserve(array.count);
  for (const std::uint64_t at : order) {
    const auto number = element(array.data.data() + at * dtype.size_bytes, dtype.kind,
                                dtype.size_bytes, dtype.swapped);
    if (!number) return std::nullopt;
    out.numbers.push_back(*number);
  }
  return out;
}

std::optional<std::vector<std::string>> texts_of(const Records& records, Ref ref) {
  if (ref == no_ref) return std::nullopt;
  std::vector<std::string> out;
  const bool of_strings = records.is(ref, Kind::array) && records.array(ref).is_complete &&
                          records.dtype(records.array(ref).dtype).kind != 'O';
  if (of_strings) {
    const Array& array = records.array(ref);
    const DType& dtype = records.dtype(array.dtype);
    if (dtype.kind != 'U' && dtype.kind != 'S') return std::nullopt;
    for (const std::uint64_t at : places(array))
      out.push_back(text_element(array.data.data() + at * dtype.size_bytes, dtype));
    return out;
  }
  const auto items = items_of(records, ref);
  if (!items) return std::nullopt;
  for (const Ref item : *items) {
    auto text = text_of(records, item);
    if (!text) return std::nullopt;
    out.push_back(std::move(*text));
  }
  return out;
}

std::optional<std::vector<double>> field_of(const Records& records, Ref array,
                                            std::string_view name) {
  if (!records.is(array, Kind::array) || !records.array(array).is_complete) return std::nullopt;
  const Array& of = records.array(array);
  const DType& dtype = records.dtype(of.dtype);
  for (const DType::Field& field : dtype.fields) {
    if (field.name != name) continue;
    std::vector<double> out(of.count);
    for (std::uint64_t i = 0; i < of.count; ++i) {
      const auto number = element(of.data.data() + i * dtype.size_bytes + field.offset, field.kind,
                                  field.size_bytes, field.swapped);
      if (!number) return std::nullopt;
      out[i] = *number;
    }
    return out;
  }
  return std::nullopt;
}

std::optional<std::vector<Ref>> items_of(const Records& records, Ref ref) {
  if (ref == no_ref) return std::nullopt;
  if (is_sequence(records, ref)) {
    const auto items = records.items(ref);
    return std::vector<Ref>(items.begin(), items.end());
  }
  if (!records.is(ref, Kind::array)) return std::nullopt;
  const Array& array = records.array(ref);
  if (!array.is_complete || records.dtype(array.dtype).kind != 'O') return std::nullopt;
  std::vector<Ref> out;
  for (const std::uint64_t at : places(array)) out.push_back(array.objects[at]);
  return out;
}

Ref attribute_of(const Records& records, Ref object, std::string_view name) {
  if (!records.is(object, Kind::call)) return no_ref;
  const Ref state = records.call(object).state;
  if (!records.is(state, Kind::tuple)) return records.find(state, name);
  Ref found = no_ref;
  for (const Ref part : records.items(state)) {
    if (const Ref here = records.find(part, name); here != no_ref) found = here;
  }
  return found;
}

}  // namespace octet::trained
