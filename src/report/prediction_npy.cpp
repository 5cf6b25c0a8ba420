// Predictions as numpy's format 1.0 (numpy.lib.format): magic, version, header length, a Python
// dictionary padded to a multiple of 64 bytes, the elements.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstring>

#include "base/half_floats.hpp"
#include "octet/error.hpp"
#include "octet/predict.hpp"
#include "report/prediction_elements.hpp"

namespace octet {
namespace {

using base::ElementType;
using report::PredictionElements;

// One code point from `text` at `at`, which moves on; U+FFFD for what is not UTF-8.
char32_t next_code_point(const std::string& text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at++);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xf0 && lead < 0xf8 ? 3
                           : lead >= 0xe0              ? 2
                           : lead >= 0xc0              ? 1
                                                       : 0;
  if (more == 0 || lead >= 0xf8 || at + more > text.size()) return 0xfffd;
  char32_t code = lead & (0x3fU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xc0U) != 0x80U) return 0xfffd;
    code = (code << 6) | (byte(at + i) & 0x3fU);
  }
  const char32_t least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return 0xfffd;
  at += more;
  return code;
}

std::u32string utf32(const std::string& text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
  return out;
}

std::string description(ElementType type) {
  switch (type) {
    case ElementType::boolean:
      return "|b1";
    case ElementType::int8:
      return "|i1";
    case ElementType::uint8:
      return "|u1";
    case ElementType::int16:
      return "<i2";
    case ElementType::uint16:
      return "<u2";
    case ElementType::int32:
      return "<i4";
    case ElementType::uint32:
      return "<u4";
    case ElementType::int64:
      return "<i8";
    case ElementType::uint64:
      return "<u8";
    case ElementType::float16:
      return "<f2";
    case ElementType::float64:
      return "<f8";
    case ElementType::complex64:
      return "<c8";
    case ElementType::complex128:
      return "<c16";
    default:
      return "<f4";  // float32, and bfloat16, which numpy does not have
  }
}

std::string header(const std::string& descr, const std::vector<std::int64_t>& dims) {
  std::string shape = fmt::format("{}", fmt::join(dims, ", "));
  if (dims.size() == 1) shape += ",";
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, shape);
  constexpr std::size_t preamble = 10;
  text.append(63 - (preamble + text.size()) % 64, ' ');
  text += '\n';
  if (text.size() > 0xffff) {
    throw Error(ErrorCode::unsupported,
                fmt::format("a shape of {} dimensions does not fit numpy's format 1.0; use the "
                            "format jsonl",
                            dims.size()));
  }
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(text.size() & 0xff);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

std::string strings_npy(const Prediction& output) {
  std::vector<std::u32string> texts;
  std::size_t width = 1;
  for (const std::string& text : output.strings) {
    texts.push_back(utf32(text));
    width = std::max(width, texts.back().size());
  }
  std::string out = header(fmt::format("<U{}", width), output.shape);
  for (std::u32string& text : texts) {
    text.resize(width);
    out.append(reinterpret_cast<const char*>(text.data()), 4 * width);
  }
  return out;
}

}  // namespace

std::string to_npy(const Prediction& output) {
  const PredictionElements elements(output);
  if (elements.is_text()) return strings_npy(output);
  std::string out = header(description(elements.type()), output.shape);
  if (elements.type() != ElementType::bfloat16) {
    out.append(reinterpret_cast<const char*>(output.bytes.data()), output.bytes.size());
    return out;
  }
  for (std::size_t i = 0; i < elements.size(); ++i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, output.bytes.data() + 2 * i, 2);
    const auto value = base::float_from_bfloat16(bits);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return out;
}

}  // namespace octet
