#include "data/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

#include "base/checked.hpp"
#include "base/mapped_file.hpp"
#include "data/little_endian.hpp"
#include "data/mapped_rows.hpp"
#include "data/npy_header.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using base::ElementType;
using Bytes = std::span<const std::byte>;

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
}

// One element as it lies in the file.
struct Item {
  char kind = 0;  // numpy's letter
  ElementType type = ElementType::undefined;
  std::uint64_t size = 0;  // bytes
  std::uint64_t unit = 0;  // bytes that a foreign byte order reverses
  bool swap = false;
};

ElementType number_type(char kind, std::uint64_t size) {
  constexpr struct {
    char kind;
    std::uint64_t size;
    ElementType type;
  } known[] = {{'b', 1, ElementType::boolean}, {'i', 1, ElementType::int8},
               {'i', 2, ElementType::int16},   {'i', 4, ElementType::int32},
               {'i', 8, ElementType::int64},   {'u', 1, ElementType::uint8},
               {'u', 2, ElementType::uint16},  {'u', 4, ElementType::uint32},
               {'u', 8, ElementType::uint64},  {'f', 2, ElementType::float16},
               {'f', 4, ElementType::float32}, {'f', 8, ElementType::float64}};
  for (const auto& row : known) {
    if (row.kind == kind && row.size == size) return row.type;
  }
  return ElementType::undefined;
}

Item read_item(const std::string& descr, const std::string& label) {
  std::string_view rest = descr;
  Item item;
  if (!rest.empty() && std::string_view("<>=|").find(rest.front()) != std::string_view::npos) {
    item.swap = rest.front() == '>';
    rest.remove_prefix(1);
  }
  if (rest.starts_with('O')) {
    refuse(label,
           "it holds Python objects; convert it first, for instance with "
           "array.astype('float32') or array.astype(str)");
  }
  std::uint64_t size = 0;
  const auto [end, error] = rest.empty()
                                ? std::from_chars_result{nullptr, std::errc::invalid_argument}
                                : std::from_chars(rest.data() + 1, rest.data() + rest.size(), size);
  const bool whole = error == std::errc() && end == rest.data() + rest.size();
  if (whole && (rest.front() == 'U' || rest.front() == 'S')) {
    const std::uint64_t unit = rest.front() == 'U' ? 4 : 1;
    const auto bytes = base::checked_mul(size, unit);
    if (!bytes) refuse(label, fmt::format("element type '{}' is too wide", descr));
    return {rest.front(), ElementType::string, *bytes, unit, item.swap};
  }
  item.type = whole ? number_type(rest.front(), size) : ElementType::undefined;
  if (item.type == ElementType::undefined) {
    refuse(label, fmt::format("element type '{}' is not read; expected bool, integers, float16, "
                              "float32, float64 or strings",
                              descr));
  }
  item.kind = rest.front();
  item.size = item.unit = size;
  return item;
}

// That the elements fill the shape exactly.
void check_size(std::uint64_t size_bytes, const NpyHeader& header, const Item& item,
                const std::string& label) {
  const auto count = base::element_count(header.shape);
  const auto needed = count ? base::checked_mul(*count, item.size) : std::nullopt;
  const std::uint64_t there = size_bytes - header.data_offset;
  if (!needed || *needed != there || (item.size == 0 && *count != 0)) {
    refuse(label, fmt::format("shape ({}) of '{}' needs {} bytes, but {} follow the header; the "
                              "file is damaged",
                              fmt::join(header.shape, ", "), header.descr,
                              needed ? std::to_string(*needed) : "too many", there));
  }
}

// Column-major to row-major: walks the output in order and keeps the input's offset.
std::vector<std::byte> to_row_major(Bytes in, std::span<const std::int64_t> shape,
                                    std::size_t size) {
  std::vector<std::byte> out(in.size());
  std::vector<std::size_t> strides(shape.size(), size);
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    strides[axis] = strides[axis - 1] * static_cast<std::size_t>(shape[axis - 1]);
  }
  std::vector<std::int64_t> index(shape.size(), 0);
  std::size_t from = 0;
  for (std::size_t to = 0; to < out.size(); to += size) {
    std::copy_n(in.data() + from, size, out.data() + to);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return out;
}

void append_utf8(std::string& out, std::uint32_t code, const std::string& label) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  const auto tail = [&](unsigned shift) { byte(0x80U | ((code >> shift) & 0x3fU)); };
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    refuse(label, fmt::format("{} is no Unicode character", code));
  }
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0U | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    byte(0xe0U | (code >> 12));
    tail(6);
    tail(0);
  } else {
    byte(0xf0U | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string read_string(Bytes element, const Item& item, const std::string& label) {
  std::size_t used = element.size();  // numpy pads with zeros
  while (used > 0 && element[used - 1] == std::byte{0}) --used;
  used = (used + item.unit - 1) / item.unit * item.unit;
  std::string out;
  for (std::size_t at = 0; at < used; at += item.unit) {
    if (item.unit == 1) {
      out += static_cast<char>(element[at]);
    } else {
      append_utf8(out, *read_little<std::uint32_t>(element, at), label);
    }
  }
  return out;
}

void reverse_units(std::vector<std::byte>& bytes, std::size_t unit) {
  for (std::size_t at = 0; at + unit <= bytes.size(); at += unit) {
    std::reverse(bytes.data() + at, bytes.data() + at + unit);
  }
}

}  // namespace

std::optional<PlainArray> plain_array(Bytes head, std::uint64_t size_bytes,
                                      const std::string& label) {
  const NpyHeader header = read_npy_header(head, label);
  const Item item = read_item(header.descr, label);
  check_size(size_bytes, header, item, label);
  const bool has_rows = !header.shape.empty() && header.shape[0] > 0;
  const bool is_row_major = !header.fortran_order || header.shape.size() < 2;
  const bool is_plain = item.type != ElementType::string && item.type != ElementType::boolean &&
                        (!item.swap || item.unit == 1);
  if (!has_rows || !is_row_major || !is_plain) return std::nullopt;
  const std::uint64_t bytes = size_bytes - header.data_offset;
  return PlainArray{item.type, header.shape, header.data_offset,
                    static_cast<std::size_t>(bytes / static_cast<std::uint64_t>(header.shape[0]))};
}

Rows open_npy(const std::filesystem::path& path) {
  const std::string label = path.string();
  auto file = std::make_shared<const base::MappedFile>(base::MappedFile::open(path));
  if (const auto plain = plain_array(file->bytes(), file->bytes().size(), label)) {
    const Bytes elements = file->bytes().subspan(plain->data_offset);
    return mapped_rows(std::move(file), elements, *plain);
  }
  Rows out(read_npy(file->bytes(), label));
  file->verify();
  return out;
}

base::Tensor read_npy(std::span<const std::byte> file, const std::string& label) {
  const NpyHeader header = read_npy_header(file, label);
  const Item item = read_item(header.descr, label);
  check_size(file.size(), header, item, label);
  const Bytes in = file.subspan(header.data_offset);
  base::Tensor out{item.type, header.shape, {}, {}};
  const bool reorder = header.fortran_order && header.shape.size() > 1 && !in.empty();
  std::vector<std::byte> bytes = reorder ? to_row_major(in, header.shape, item.size)
                                         : std::vector<std::byte>(in.begin(), in.end());
  if (item.swap && item.unit > 1) reverse_units(bytes, item.unit);
  if (item.type != ElementType::string) {
    out.bytes = std::move(bytes);
    // Any non-zero byte is true for numpy; ONNX knows 0 and 1.
    if (item.type == ElementType::boolean) {
      for (std::byte& b : out.bytes) b = b == std::byte{0} ? b : std::byte{1};
    }
    return out;
  }
  for (std::size_t at = 0; at < bytes.size(); at += item.size) {
    out.strings.push_back(read_string(Bytes(bytes).subspan(at, item.size), item, label));
  }
  return out;
}

}  // namespace octet::data
