// The texts of pickle protocols 0 and 1, which are written with escapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace octet::trained {

// raw-unicode-escape: \uXXXX and \UXXXXXXXX, every other byte is a Latin-1 letter. UTF-8 comes out,
// lone surrogates as three bytes each.
[[nodiscard]] std::optional<std::string> unescape_unicode(std::string_view line);

// 'text' or "text" with Python's escapes; \xNN is the letter of that number.
[[nodiscard]] std::optional<std::string> unquote(std::string_view line);

// The letters of UTF-8 text as bytes; nullopt when one is above 255.
[[nodiscard]] std::optional<std::string> latin1_of(std::string_view utf8);

void append_utf8(std::string& out, char32_t letter);

}  // namespace octet::trained
