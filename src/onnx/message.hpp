// A message of exactly known size whose content is partly copied, partly new, partly still to be
// computed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "onnx/wire.hpp"

namespace octet::onnx {

// A run of bytes of the output. Exactly one of: a span copied verbatim from the input; new bytes;
// bytes that tensor `tensor` (an index the caller knows) fills in later.
struct Piece {
  static constexpr std::uint32_t not_a_tensor = UINT32_MAX;
  Bytes copied;
  std::string fresh;
  std::uint32_t tensor = not_a_tensor;
  std::uint64_t size_bytes = 0;
};

// Lays a message out field by field: sizes first, bytes later. Nested messages are appended when
// they are complete, so every length prefix is known without a weight having been read.
class Message {
 public:
  void copy(Bytes verbatim);
  void varint(std::uint32_t field, std::uint64_t value);
  void fixed32(std::uint32_t field, float value);
  void text(std::uint32_t field, std::string_view value);
  void message(std::uint32_t field, Message&& nested);
  // A length-delimited field of `size_bytes` that tensor `tensor` fills.
  void unfilled(std::uint32_t field, std::uint64_t size_bytes, std::uint32_t tensor);

  [[nodiscard]] std::uint64_t size_bytes() const { return size_; }
  [[nodiscard]] const std::vector<Piece>& pieces() const& { return pieces_; }
  const std::vector<Piece>& pieces() const&& = delete;
  [[nodiscard]] std::vector<Piece> take() && { return std::move(pieces_); }
  // The bytes of a message without unfilled parts.
  [[nodiscard]] std::string bytes() const;

 private:
  std::string& fresh();
  void tag(std::uint32_t field, WireType type);
  void number(std::uint64_t value);

  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
};

}  // namespace octet::onnx
