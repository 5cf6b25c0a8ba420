// Text from files made fit for a line of a terminal, a message or a table.
#include <algorithm>
#include <array>
#include <cstdint>

#include "octet/error.hpp"

namespace octet {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// What ends a line, drives a terminal, or changes the direction in which others are read.
constexpr std::array<Range, 8> never_shown = {{{0x00, 0x1f},
                                               {0x7f, 0x9f},
                                               {0x61c, 0x61c},
                                               {0x200e, 0x200f},
                                               {0x2028, 0x202e},
                                               {0x2066, 0x2069},
                                               {0xfeff, 0xfeff},
                                               {0xfff9, 0xfffb}}};

// The bytes of the UTF-8 character `text` begins with; 0 when it begins with none.
std::size_t character(std::string_view text, std::uint32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size == 0 || size > text.size()) return 0;
  code = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool beyond = code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return overlong || beyond ? 0 : size;
}

bool shown(std::uint32_t code) {
  return std::none_of(never_shown.begin(), never_shown.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

void escape(std::string_view bytes, std::string& out) {
  constexpr const char* digits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
  }
}

// The largest position up to `at` that is not inside a character.
std::size_t between_characters(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) --at;
  return at;
}

// Its beginning and its end, when it is longer than `most` bytes.
std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  const std::size_t head = between_characters(text, most * 2 / 3);
  const std::size_t tail = between_characters(text, text.size() - most / 3);
  return std::string(text.substr(0, head)) + "…" + std::string(text.substr(tail));
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::uint32_t code = 0;
    const std::size_t size = character(text, code);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(size, 1));
    if (size != 0 && shown(code)) {
      out += bytes;
    } else {
      escape(bytes, out);
    }
    text.remove_prefix(bytes.size());
  }
  return out;
}

std::string message_line(std::string_view text) {
  constexpr std::size_t longest_word = 200;
  constexpr std::size_t longest_message = 2000;
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    out += cut(std::string_view(line).substr(at, end - at), longest_word);
    if (end < line.size()) out += ' ';
    at = end + 1;
  }
  return cut(out, longest_message);
}

}  // namespace octet
