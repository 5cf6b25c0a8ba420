// Made-up floats of several kinds: what an input looks like decides which of them its rows take
// turns in. A model that is only shown noise is not shown what it is for: images are smooth, sound
// is loud and quiet.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/port.hpp"
#include "base/random.hpp"

namespace octet::data {

enum class Pattern : std::uint8_t {
  noise,       // N(0,1)
  image,       // smooth, with edges, in about -2 … 2: pixels as they are normalised
  bright,      // the same in 0 … 1
  sound,       // a few harmonics that swell, within ±0.5
  soft_sound,  // the same, sixteen times softer
};

// Noise first. `declared` is the input as the model has it, `sized` with all dimensions known.
[[nodiscard]] std::vector<Pattern> patterns_for(const base::Port& declared,
                                                const base::Port& sized);

// One row of the shape `dims` without the first. Integer arithmetic only: the same everywhere.
void fill_row(Pattern pattern, std::span<const std::int64_t> dims, base::Random& random,
              std::span<float> row);

}  // namespace octet::data
