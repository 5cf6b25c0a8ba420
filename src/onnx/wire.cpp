#include "onnx/wire.hpp"

#include <fmt/format.h>

#include <cstring>
#include <protozero/exception.hpp>
#include <protozero/varint.hpp>

#include "octet/error.hpp"

namespace octet::onnx {
namespace {

constexpr std::uint32_t no_field = 0;

std::uint64_t little_endian(Bytes bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

}  // namespace

void Reader::fail(const std::byte* at, std::uint32_t field, std::string_view fact) const {
  const std::string place =
      field == no_field ? std::string(message_) : fmt::format("{} field {}", message_, field);
  throw Error(ErrorCode::invalid_model,
              fmt::format("{}: byte {}: {}: {}; the file is damaged or is not ONNX", origin_->label,
                          at - origin_->begin, place, fact));
}

std::uint64_t Reader::varint(Bytes& rest, std::uint32_t field) const {
  const auto* const first = reinterpret_cast<const char*>(rest.data());
  const char* cursor = first;
  try {
    const std::uint64_t value = protozero::decode_varint(&cursor, first + rest.size());
    rest = rest.subspan(static_cast<std::size_t>(cursor - first));
    return value;
  } catch (const protozero::exception&) {
    fail(rest.data(), field, "a number is cut short or longer than ten bytes");
  }
}

std::optional<Field> Reader::next() {
  if (bytes_.empty()) return std::nullopt;
  const std::byte* const start = bytes_.data();
  const std::uint64_t tag = varint(bytes_, no_field);
  Field field;
  field.number = static_cast<std::uint32_t>(tag >> 3);
  if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff) fail(start, no_field, "a field number out of range");

  const auto fixed = [&](std::size_t size) {
    if (bytes_.size() < size) fail(start, field.number, "a fixed-size number runs past the end");
    field.value = little_endian(bytes_.first(size));
    bytes_ = bytes_.subspan(size);
  };
  switch (tag & 7) {
    case 0:
      field.type = WireType::varint;
      field.value = varint(bytes_, field.number);
      break;
    case 1:
      field.type = WireType::fixed64;
      fixed(8);
      break;
    case 5:
      field.type = WireType::fixed32;
      fixed(4);
      break;
    case 2: {
      field.type = WireType::length;
      const std::uint64_t length = varint(bytes_, field.number);
      if (length > bytes_.size()) {
        fail(start, field.number,
             fmt::format("its length {} runs past the end of the message ({} bytes left)", length,
                         bytes_.size()));
      }
      field.payload = bytes_.first(static_cast<std::size_t>(length));
      bytes_ = bytes_.subspan(static_cast<std::size_t>(length));
      break;
    }
    default:
      fail(start, field.number, fmt::format("wire type {} does not occur in ONNX", tag & 7));
  }
  field.whole = Bytes(start, static_cast<std::size_t>(bytes_.data() - start));
  return field;
}

void Reader::expect(const Field& field, WireType type) const {
  if (field.type != type) {
    fail(field.whole.data(), field.number,
         fmt::format("wire type {} where {} was expected", static_cast<int>(field.type),
                     static_cast<int>(type)));
  }
}

}  // namespace octet::onnx
