#include "onnx/message.hpp"

#include <bit>
#include <cstring>
#include <iterator>
#include <protozero/varint.hpp>

namespace octet::onnx {

std::string& Message::fresh() {
  const bool open = !pieces_.empty() && pieces_.back().copied.data() == nullptr &&
                    pieces_.back().tensor == Piece::not_a_tensor;
  if (!open) pieces_.emplace_back();
  return pieces_.back().fresh;
}

void Message::number(std::uint64_t value) {
  std::string& out = fresh();
  const auto length = protozero::write_varint(std::back_inserter(out), value);
  pieces_.back().size_bytes += static_cast<std::uint64_t>(length);
  size_ += static_cast<std::uint64_t>(length);
}

void Message::tag(std::uint32_t field, WireType type) {
  number(std::uint64_t{field} << 3U | static_cast<std::uint64_t>(type));
}

void Message::copy(Bytes verbatim) {
  if (verbatim.empty()) return;
  size_ += verbatim.size();
  if (!pieces_.empty()) {  // neighbours in the input become one piece
    Piece& last = pieces_.back();
    if (last.copied.data() != nullptr &&
        last.copied.data() + last.copied.size() == verbatim.data()) {
      last.copied = Bytes(last.copied.data(), last.copied.size() + verbatim.size());
      last.size_bytes = last.copied.size();
      return;
    }
  }
  Piece piece;
  piece.copied = verbatim;
  piece.size_bytes = verbatim.size();
  pieces_.push_back(std::move(piece));
}

void Message::varint(std::uint32_t field, std::uint64_t value) {
  tag(field, WireType::varint);
  number(value);
}

void Message::fixed32(std::uint32_t field, float value) {
  tag(field, WireType::fixed32);
  const auto bits = std::bit_cast<std::uint32_t>(value);
  char raw[4];
  std::memcpy(raw, &bits, 4);
  fresh().append(raw, 4);
  pieces_.back().size_bytes += 4;
  size_ += 4;
}

void Message::text(std::uint32_t field, std::string_view value) {
  tag(field, WireType::length);
  number(value.size());
  fresh().append(value);
  pieces_.back().size_bytes += value.size();
  size_ += value.size();
}

void Message::message(std::uint32_t field, Message&& nested) {
  tag(field, WireType::length);
  number(nested.size_);
  size_ += nested.size_;
  for (Piece& piece : nested.pieces_) {
    if (piece.copied.data() == nullptr && piece.tensor == Piece::not_a_tensor) {
      fresh().append(piece.fresh);
      pieces_.back().size_bytes += piece.size_bytes;
    } else {
      pieces_.push_back(std::move(piece));
    }
  }
  nested.pieces_.clear();
}

void Message::unfilled(std::uint32_t field, std::uint64_t size_bytes, std::uint32_t tensor) {
  tag(field, WireType::length);
  number(size_bytes);
  Piece piece;
  piece.tensor = tensor;
  piece.size_bytes = size_bytes;
  size_ += size_bytes;
  pieces_.push_back(std::move(piece));
}

std::string Message::bytes() const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (piece.copied.data() != nullptr) {
      out.append(reinterpret_cast<const char*>(piece.copied.data()), piece.copied.size());
    } else {
      out.append(piece.fresh);
    }
  }
  return out;
}

}  // namespace octet::onnx
