#include "trained/pickle_text.hpp"

#include <charconv>

namespace octet::trained {
namespace {

std::optional<char32_t> hex(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  const char* const begin = text.data() + at;
  const auto [end, problem] = std::from_chars(begin, begin + digits, value, 16);
  if (problem != std::errc() || end != begin + digits || value > 0x10ffff) return std::nullopt;
  return value;
}

char32_t letter(char c) {
  return static_cast<unsigned char>(c);
}

std::optional<char> plain_escape(char c) {
  constexpr std::string_view names = "\\'\"abfnrtv";
  constexpr std::string_view letters = "\\'\"\a\b\f\n\r\t\v";
  const std::size_t found = names.find(c);
  if (found == std::string_view::npos) return std::nullopt;
  return letters[found];
}

}  // namespace

void append_utf8(std::string& out, char32_t value) {
  const auto put = [&](char32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xc0U | value >> 6U);
  } else if (value < 0x10000) {
    put(0xe0U | value >> 12U);
    put(0x80U | (value >> 6U & 0x3fU));
  } else {
    put(0xf0U | value >> 18U);
    put(0x80U | (value >> 12U & 0x3fU));
    put(0x80U | (value >> 6U & 0x3fU));
  }
  put(0x80U | (value & 0x3fU));
}

std::optional<std::string> unescape_unicode(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escape =
        line[i] == '\\' && i + 1 < line.size() && (line[i + 1] == 'u' || line[i + 1] == 'U');
    if (!escape) {
      append_utf8(out, letter(line[i]));
      continue;
    }
    const std::size_t digits = line[i + 1] == 'u' ? 4 : 8;
    const auto value = hex(line, i + 2, digits);
    if (!value) return std::nullopt;
    append_utf8(out, *value);
    i += digits + 1;
  }
  return out;
}

std::optional<std::string> unquote(std::string_view line) {
  if (line.size() < 2 || line.front() != line.back()) return std::nullopt;
  if (line.front() != '\'' && line.front() != '"') return std::nullopt;
  line = line.substr(1, line.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      append_utf8(out, letter(line[i]));
      continue;
    }
    if (++i == line.size()) return std::nullopt;
    if (line[i] == 'x') {
      const auto value = hex(line, i + 1, 2);
      if (!value) return std::nullopt;
      append_utf8(out, *value);
      i += 2;
    } else if (const auto plain = plain_escape(line[i])) {
      out += *plain;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

std::optional<std::string> latin1_of(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char32_t first = letter(utf8[i]);
    if (first < 0x80) {
      out += utf8[i];
    } else if ((first == 0xc2 || first == 0xc3) && i + 1 < utf8.size()) {
      out += static_cast<char>(
          static_cast<unsigned char>((first & 3U) << 6U | (letter(utf8[++i]) & 0x3fU)));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace octet::trained
