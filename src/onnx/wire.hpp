// The protobuf wire format as a cursor over borrowed bytes: reads fields, checks every length,
// searches nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace octet::onnx {

using Bytes = std::span<const std::byte>;

// Where a message came from, so that an error can name the file and the byte. Outlives every reader
// that points to it.
struct Origin {
  std::string label;                 // the file's name
  const std::byte* begin = nullptr;  // first byte of the file
};

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, length = 2, fixed32 = 5 };

struct Field {
  std::uint32_t number = 0;
  WireType type = WireType::varint;
  Bytes whole;              // tag, length and payload: what a verbatim copy needs
  Bytes payload;            // the content of a length-delimited field; empty otherwise
  std::uint64_t value = 0;  // of a varint or fixed field

  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(payload.data()), payload.size()};
  }
  [[nodiscard]] std::int64_t integer() const { return static_cast<std::int64_t>(value); }
};

// Reads one message field by field. `message` ("GraphProto") is the first word of the place in an
// error; it and the bytes must outlive the reader. Groups (deprecated in protobuf, absent from
// ONNX) are refused.
class Reader {
 public:
  Reader(Bytes bytes, const Origin& origin, std::string_view message)
      : bytes_(bytes), origin_(&origin), message_(message) {}

  // The next field, or nullopt at the end. Throws Error{invalid_model} naming byte and field.
  [[nodiscard]] std::optional<Field> next();

  // Throws unless the last field read has this wire type.
  void expect(const Field& field, WireType type) const;

  // A field that holds whole numbers, one (varint) or many (packed): calls sink(value) for each.
  template <typename Sink>
  void integers(const Field& field, Sink&& sink) const {
    if (field.type == WireType::varint) return sink(field.value);
    expect(field, WireType::length);
    Bytes rest = field.payload;
    while (!rest.empty()) sink(varint(rest, field.number));
  }

  // Throws Error{invalid_model}: "model.onnx: byte 17: GraphProto field 5: <fact>".
  [[noreturn]] void fail(const std::byte* at, std::uint32_t field, std::string_view fact) const;

 private:
  std::uint64_t varint(Bytes& rest, std::uint32_t field) const;

  Bytes bytes_;
  const Origin* origin_;
  std::string_view message_;
};

}  // namespace octet::onnx
