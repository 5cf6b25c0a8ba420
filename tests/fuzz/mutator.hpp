// Damages files at random: bits, lengths, pieces gone or doubled. Deterministic.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace octet::test {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  // One to four changes.
  void damage(std::vector<std::byte>& model) {
    for (std::uint32_t n = below(4) + 1; n > 0 && !model.empty(); --n) change(model);
  }

 private:
  std::uint32_t below(std::size_t n) { return static_cast<std::uint32_t>(random_() % n); }

  // Most places lie inside weights, where a change changes nothing: take one near the structure,
  // that is near a letter, most of the time.
  std::size_t place(const std::vector<std::byte>& model) {
    for (int tries = 0; tries < 40; ++tries) {
      const std::size_t at = below(model.size());
      const auto is_letter = [&](std::size_t i) {
        const int c = i < model.size() ? std::to_integer<int>(model[i]) : 0;
        return std::isalpha(c) != 0;
      };
      if (is_letter(at + 2) && is_letter(at + 3)) return at;
    }
    return below(model.size());
  }

  void change(std::vector<std::byte>& model) {
    const std::size_t at = place(model);
    const auto here = model.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(6)) {
      case 0:
        *here ^= static_cast<std::byte>(1U << below(8));
        break;
      case 1:  // another length, or another tag
        *here = static_cast<std::byte>(below(256));
        break;
      case 2:  // a length beyond everything
        for (std::size_t i = at; i < std::min(at + 9, model.size()); ++i)
          model[i] = std::byte{0xff};
        break;
      case 3:
        model.resize(at);
        break;
      case 4: {  // a piece is missing
        const std::size_t size = std::min<std::size_t>(below(20), model.size() - at);
        model.erase(here, here + static_cast<std::ptrdiff_t>(size));
        break;
      }
      default: {  // a piece stands somewhere else too
        const std::size_t from = place(model);
        const std::size_t size = std::min<std::size_t>(below(40), model.size() - from);
        const std::vector<std::byte> piece(
            model.begin() + static_cast<std::ptrdiff_t>(from),
            model.begin() + static_cast<std::ptrdiff_t>(from + size));
        model.insert(model.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
      }
    }
  }

  std::mt19937 random_;
};

}  // namespace octet::test
