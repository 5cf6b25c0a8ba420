// What a scale search wants to know about the sixteen columns a reader has selected.
#pragma once

#include <span>

#include "quant/panel_reader.hpp"

namespace octet::quant {

// Largest magnitude of every selected column; 0 in lanes without a column.
[[nodiscard]] Lanes column_max_abs(PanelReader& reader);

// The largest |q(2i) + q(2i+1)| of every column at this scale, before the pair rule cuts.
[[nodiscard]] Lanes column_max_pair_sum(PanelReader& reader, const Lanes& scale);

// errors[c][j] = scales[c][j]² Σ (q - t)²: the squared error of column j under candidate c, the
// rule applied.
void column_pair_errors(PanelReader& reader, std::span<const Lanes> scales,
                        std::span<WideLanes> errors);

}  // namespace octet::quant
