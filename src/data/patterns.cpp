#include "data/patterns.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "base/element_type.hpp"

namespace octet::data {
namespace {

constexpr std::int64_t least_pixels = 16;
constexpr std::int64_t least_samples = 256;

bool is_channels(std::int64_t size) {
  return size == 1 || size == 3 || size == 4;
}

bool channels_first(std::span<const std::int64_t> row) {
  return is_channels(row[0]) && row[1] >= least_pixels && row[2] >= least_pixels;
}

bool channels_last(std::span<const std::int64_t> row) {
  return is_channels(row[2]) && row[0] >= least_pixels && row[1] >= least_pixels;
}

bool sounds_like_sound(std::string_view name) {
  constexpr std::array<std::string_view, 6> words = {"audio",  "wav",    "sound",
                                                     "speech", "signal", "pcm"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

// A sine, nearly: a parabola to each half. A whole turn is 2^32; ±2^15.
std::int64_t wave(std::uint32_t turn) {
  const std::int64_t x = static_cast<std::int32_t>(turn) >> 16;
  return 4 * x * (32768 - std::abs(x)) / 32768;
}

constexpr float unit = 0x1p-15F;  // of wave()

// Three waves across the picture and a rectangle that stands out.
class Picture {
 public:
  Picture(std::int64_t height, std::int64_t width, base::Random& random) {
    for (Wave& wave : waves_) {
      // Up to four turns over the whole.
      wave.down = turns(height, random);
      wave.along = turns(width, random);
      wave.start = static_cast<std::uint32_t>(random.next());
    }
    top_ = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(height)));
    left_ = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(width)));
    bottom_ = top_ + height / 3;
    right_ = left_ + width / 3;
  }
  // Within ±2 · 2^15.
  [[nodiscard]] std::int64_t at(std::int64_t y, std::int64_t x, std::uint32_t channel) const {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < waves_.size(); ++k) {
      const Wave& w = waves_[k];
      sum += wave(w.start + channel * 0x20000000U + w.down * static_cast<std::uint32_t>(y) +
                  w.along * static_cast<std::uint32_t>(x)) >>
             k;
    }
    const bool inside = y >= top_ && y < bottom_ && x >= left_ && x < right_;
    return std::clamp<std::int64_t>(sum + (inside ? 40000 : 0), -65536, 65536);
  }

 private:
  struct Wave {
    std::uint32_t down = 0, along = 0, start = 0;
  };
  static std::uint32_t turns(std::int64_t size, base::Random& random) {
    return static_cast<std::uint32_t>((random.next() >> 30U) / static_cast<std::uint64_t>(size));
  }
  std::array<Wave, 3> waves_;
  std::int64_t top_ = 0, left_ = 0, bottom_ = 0, right_ = 0;
};

void draw(std::span<const std::int64_t> dims, bool bright, base::Random& random,
          std::span<float> row) {
  const bool first = channels_first(dims);
  const std::int64_t channels = first ? dims[0] : dims[2];
  const std::int64_t height = first ? dims[1] : dims[0];
  const std::int64_t width = first ? dims[2] : dims[1];
  const Picture picture(height, width, random);
  std::size_t i = 0;
  const auto put = [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    const auto grain = static_cast<std::int64_t>(random.below(2048)) - 1024;
    const std::int64_t value = picture.at(y, x, static_cast<std::uint32_t>(c)) + grain;
    row[i++] =
        bright ? static_cast<float>(std::clamp<std::int64_t>(value + 65536, 0, 131072)) * (unit / 4)
               : static_cast<float>(value) * unit;
  };
  for (std::int64_t a = 0; a < (first ? channels : height); ++a) {
    for (std::int64_t b = 0; b < (first ? height : width); ++b) {
      for (std::int64_t c = 0; c < (first ? width : channels); ++c)
        first ? put(a, b, c) : put(c, a, b);
    }
  }
}

void play(bool soft, base::Random& random, std::span<float> row) {
  // 80 to 600 Hz, at 16,000 samples a second; louder and softer about three times a second.
  const auto step = static_cast<std::uint32_t>(21474836 + random.below(139586437));
  const auto swell = static_cast<std::uint32_t>(805306);
  auto turn = static_cast<std::uint32_t>(random.next());
  auto loud = static_cast<std::uint32_t>(random.next());
  for (float& sample : row) {
    turn += step;
    loud += swell;
    std::int64_t sum = 0;
    for (std::uint32_t k = 1; k <= 4; ++k) sum += wave(turn * k) / static_cast<std::int64_t>(k);
    const std::int64_t breath = static_cast<std::int64_t>(random.below(512)) - 256;
    const std::int64_t level = (wave(loud) + 40000) / 2;  // 2^13 … 2^15 and a bit
    const std::int64_t value = (sum * level >> 16) / 2 + breath;
    sample = static_cast<float>(std::clamp<std::int64_t>(value, -16384, 16384)) * unit *
             (soft ? 0x1p-4F : 1.0F);
  }
}

}  // namespace

std::vector<Pattern> patterns_for(const base::Port& declared, const base::Port& sized) {
  if (!base::is_floating(sized.type) || sized.low || sized.high || sized.dims.size() < 2)
    return {Pattern::noise};
  const auto row = std::span(sized.dims).subspan(1);
  if (row.size() == 3 && (channels_first(row) || channels_last(row)))
    return {Pattern::noise, Pattern::image, Pattern::bright};
  // Samples one after the other: a channel or two, and a length that nobody fixes, or a name.
  const bool is_long =
      row.back() >= least_samples && (row.size() == 1 || (row.size() == 2 && row[0] <= 2));
  const bool is_free = declared.dims.size() == sized.dims.size() && declared.dims.back() < 0;
  if (is_long && (row.size() == 2 || is_free || sounds_like_sound(sized.name)))
    return {Pattern::noise, Pattern::sound, Pattern::soft_sound};
  return {Pattern::noise};
}

void fill_row(Pattern pattern, std::span<const std::int64_t> dims, base::Random& random,
              std::span<float> row) {
  switch (pattern) {
    case Pattern::noise:
      std::generate(row.begin(), row.end(), [&] { return random.normal(); });
      return;
    case Pattern::image:
    case Pattern::bright:
      draw(dims, pattern == Pattern::bright, random, row);
      return;
    case Pattern::sound:
    case Pattern::soft_sound:
      play(pattern == Pattern::soft_sound, random, row);
      return;
  }
}

}  // namespace octet::data
