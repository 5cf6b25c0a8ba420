#include "trained/dtype.hpp"

#include <charconv>

namespace octet::trained {
namespace {

constexpr std::uint32_t most_bytes = 65536;

bool is_size_of(char kind, std::uint32_t size) {
  switch (kind) {
    case 'b':
      return size == 1;
    case 'i':
    case 'u':
      return size == 1 || size == 2 || size == 4 || size == 8;
    case 'f':
      return size == 2 || size == 4 || size == 8 || size == 16;
    case 'c':
      return size == 8 || size == 16;
    case 'O':
    case 'M':
    case 'm':
      return size == 8;
    case 'U':
      return size != 0 && size % 4 == 0;
    case 'S':
    case 'V':
      return size != 0;
    default:
      return false;
  }
}

}  // namespace

std::optional<DType> dtype_of(std::string_view code) {
  if (code.empty()) return std::nullopt;
  DType out;
  out.kind = code[0];
  if (code == "?") return dtype_of("b1");
  std::uint64_t size = 0;
  const std::string_view digits = code.substr(1);
  if (digits.empty()) {
    size = out.kind == 'O' || out.kind == 'M' || out.kind == 'm' ? 8 : 0;
    if (out.kind == 'U' || out.kind == 'S' || out.kind == 'V') size = out.kind == 'U' ? 4 : 1;
  } else {
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (problem != std::errc() || end != digits.data() + digits.size() || size > most_bytes)
      return std::nullopt;
    if (out.kind == 'U') size *= 4;
  }
  if (size > most_bytes || !is_size_of(out.kind, static_cast<std::uint32_t>(size)))
    return std::nullopt;
  out.size_bytes = static_cast<std::uint32_t>(size);
  out.has_objects = out.kind == 'O';
  return out;
}

std::optional<DType> dtype_of_descr(std::string_view descr) {
  if (descr.empty()) return std::nullopt;
  const bool ordered = descr[0] == '<' || descr[0] == '>' || descr[0] == '|' || descr[0] == '=';
  auto out = dtype_of(ordered ? descr.substr(1) : descr);
  if (out && descr[0] == '>') out->swapped = true;
  return out;
}

}  // namespace octet::trained
