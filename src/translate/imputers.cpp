// Missing values filled: NaN in numbers, the empty text in texts (ONNX has no missing text).
#include <algorithm>
#include <cmath>

#include "translate/translator.hpp"

namespace octet::translate {
namespace {

using steps::Compare;

Frame text_imputer(Translator& t, const Estimator& e, const Frame& frame,
                   const std::vector<std::string>& fills) {
  if (e.has("indicator_")) e.refuse("add_indicator is not supported for columns of text");
  if (fills.size() != frame.size()) e.damaged("statistics_ has not a text for each column");
  Frame out;
  for (std::size_t i = 0; i < frame.size(); ++i)
    out.columns.push_back({t.build().fill_text(t.text(e, frame.columns[i]), fills[i]), 0});
  return out;
}

std::vector<std::uint32_t> indicated(const Estimator& e, std::size_t columns) {
  const Estimator indicator(e.records(), e.need("indicator_"), e.place() + " indicator");
  std::vector<std::uint32_t> out;
  for (const double column : indicator.numbers("features_")) {
    if (!(column >= 0 && column < static_cast<double>(columns)))
      e.damaged("its indicator names a column that is not there");
    out.push_back(static_cast<std::uint32_t>(column));
  }
  return out;
}

Frame imputer(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const auto statistics = trained::numbers_of(e.records(), e.need("statistics_"));
  if (!statistics) {
    const auto texts = trained::texts_of(e.records(), e.need("statistics_"));
    if (!texts) e.refuse("statistics_ are neither numbers nor texts");
    return text_imputer(t, e, frame, *texts);
  }
  const std::vector<double>& fills = statistics->numbers;
  if (fills.size() != frame.size()) e.damaged("statistics_ has not a number for each column");
  const ValueId x = t.numbers(e, frame);
  const double marker = e.number_or("missing_values", std::nan(""));
  const ValueId missing =
      std::isnan(marker) ? b.is_missing(x) : b.compare(Compare::Relation::equal, x, {marker});
  Frame out = t.frame_of(b.choose(missing, b.constant(fills), x));
  if (!e.flag("keep_empty_features")) {  // columns without any value in training are dropped
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; i < fills.size(); ++i) {
      if (!std::isnan(fills[i])) kept.push_back(i);
    }
    out = out.chosen(kept);
  }
  if (e.flag("add_indicator") && e.has("indicator_")) {
    const Frame flags = t.frame_of(b.columns(missing, indicated(e, frame.size())));
    out.columns.insert(out.columns.end(), flags.columns.begin(), flags.columns.end());
  }
  return out;
}

Frame indicator(Translator& t, const Estimator& e, const Frame& frame) {
  std::vector<std::uint32_t> columns;
  for (const double column : e.numbers("features_")) {
    if (!(column >= 0 && column < static_cast<double>(frame.size())))
      e.damaged("features_ names a column that is not there");
    columns.push_back(static_cast<std::uint32_t>(column));
  }
  if (!std::isnan(e.number_or("missing_values", std::nan(""))))
    e.refuse("missing values other than NaN are not supported");
  return t.frame_of(t.build().is_missing(t.numbers(e, frame.chosen(columns))));
}

}  // namespace

void add_imputers(TransformTable& table) {
  table["SimpleImputer"] = imputer;
  table["MissingIndicator"] = indicator;
}

}  // namespace octet::translate
