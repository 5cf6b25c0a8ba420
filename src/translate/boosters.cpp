// scikit-learn's wrappers of XGBoost and LightGBM, as their pickles hold them: the booster's own
// file as bytes or text, and what the labels are called.
#include "translate/boosters.hpp"

#include <cmath>

namespace octet::translate {
namespace {

using steps::Compare;
using trained::Kind;

Ref handle_of(const Estimator& e) {
  const Ref booster = e.need("_Booster");
  for (const char* key : {"handle", "_handle"}) {
    const Ref found = trained::attribute_of(e.records(), booster, key);
    if (found != no_ref) return found;
  }
  e.damaged("its booster has no model; was it fitted?");
}

Json document_of(const Estimator& e) {
  const Ref handle = handle_of(e);
  if (!e.records().is(handle, Kind::bytes)) e.damaged("its booster is no bytes");
  const auto bytes = e.records().bytes(handle);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("binf") || text.starts_with("CONFIG"))
    e.refuse(
        "its booster is in XGBoost's old binary format; pickle it again with XGBoost 1.7 or later");
  const bool is_json = text.size() > 1 && (text[1] == '"' || text[1] == ' ' || text[1] == '\n');
  return is_json ? read_xgboost_json(text) : read_ubjson(bytes);
}

// The wrapper's own labels, when they are not 0, 1, 2 …
void rename_labels(const Estimator& e, Prediction& out) {
  if (!out.index) return;
  for (const char* key : {"_classes", "classes_"}) {
    if (!e.has(key)) continue;
    steps::Labels labels = labels_of(e, e.need(key));
    if (labels.size() == out.labels.size()) out.labels = std::move(labels);
    return;
  }
  if (!e.has("_le")) return;
  const Estimator encoder(e.records(), e.need("_le"), e.place());
  if (!encoder.has("classes_")) return;
  steps::Labels labels = labels_of(encoder, encoder.need("classes_"));
  if (labels.size() == out.labels.size()) out.labels = std::move(labels);
}

void check_features(const Estimator& e, const BoosterHead& head, const Frame& frame) {
  if (head.features != frame.size()) e.damaged("its booster does not fit the columns");
}

Prediction xgboost(Translator& t, const Estimator& e, const Frame& frame) {
  Builder& b = t.build();
  const Json document = document_of(e);
  const BoosterHead head = xgboost_head(document);
  check_features(e, head, frame);
  t.add_line("  " + head.summary);
  ValueId x = t.numbers(e, frame);
  const double missing = e.number_or("missing", std::nan(""));
  if (!std::isnan(missing)) {
    x = b.choose(b.compare(Compare::Relation::equal, x, {missing}), b.constant(std::nan("")), x);
  }
  Prediction out = predict_xgboost(document, t, x, t.iterations);
  rename_labels(e, out);
  return out;
}

Prediction lightgbm(Translator& t, const Estimator& e, const Frame& frame) {
  const Ref handle = handle_of(e);
  const auto text = trained::text_of(e.records(), handle);
  if (!text) e.damaged("its booster is no text");
  const BoosterHead head = lightgbm_head(*text);
  check_features(e, head, frame);
  t.add_line("  " + head.summary);
  const double best = e.number_or("_best_iteration", 0);
  const std::size_t rounds =
      t.iterations == Iterations::best && best > 0 ? static_cast<std::size_t>(best) : 0;
  Prediction out = predict_lightgbm(*text, t, t.numbers(e, frame), rounds);
  rename_labels(e, out);
  return out;
}

}  // namespace

std::size_t booster_features(const Estimator& wrapper) {
  if (wrapper.is_of("xgboost")) return xgboost_head(document_of(wrapper)).features;
  const auto text = trained::text_of(wrapper.records(), handle_of(wrapper));
  if (!text) wrapper.damaged("its booster is no text");
  return lightgbm_head(*text).features;
}

void add_boosters(PredictTable& table) {
  for (const char* name :
       {"XGBClassifier", "XGBRegressor", "XGBRFClassifier", "XGBRFRegressor", "XGBRanker"}) {
    table[name] = xgboost;
  }
  for (const char* name : {"LGBMClassifier", "LGBMRegressor", "LGBMRanker"}) table[name] = lightgbm;
}

}  // namespace octet::translate
