#include "quant/column_measures.hpp"

#include <vector>

namespace octet::quant {

using kernels::panel_width;

Lanes column_max_abs(PanelReader& reader) {
  Lanes result{};
  reader.visit([&](const Panel& panel) {
    kernels::panel_max_abs(panel.data, panel.padded_rows, result.data());
  });
  return result;
}

Lanes column_max_pair_sum(PanelReader& reader, const Lanes& scale) {
  Lanes inverse;
  for (std::size_t j = 0; j < panel_width; ++j) inverse[j] = 1.0f / scale[j];
  Lanes result{};
  reader.visit([&](const Panel& panel) {
    kernels::panel_max_pair_sum(panel.data, panel.padded_rows, inverse.data(), result.data());
  });
  return result;
}

void column_pair_errors(PanelReader& reader, std::span<const Lanes> scales,
                        std::span<WideLanes> errors) {
  std::vector<float> inverses(scales.size() * panel_width);
  std::vector<double> sums(scales.size() * panel_width, 0.0);
  for (std::size_t i = 0; i < inverses.size(); ++i) {
    inverses[i] = 1.0f / scales[i / panel_width][i % panel_width];
  }
  reader.visit([&](const Panel& panel) {
    kernels::panel_pair_errors(panel.data, panel.padded_rows, inverses.data(), scales.size(),
                               sums.data());
  });
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const auto scale = static_cast<double>(scales[i / panel_width][i % panel_width]);
    errors[i / panel_width][i % panel_width] = scale * scale * sums[i];
  }
}

}  // namespace octet::quant
