#include "translate/inputs.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "translate/boosters.hpp"

namespace octet::translate {
namespace {

using trained::Kind;

constexpr std::size_t most_columns = 1'000'000;
constexpr int most_depth = 16;

// The model that sees the data first: a pipeline's first step, a search's best model.
std::optional<Ref> first_of(const Estimator& e) {
  if (e.name() == "Pipeline") {
    for (const Ref step : e.items("steps")) {
      const auto pair = trained::items_of(e.records(), step);
      if (pair && pair->size() == 2 && e.records().is((*pair)[1], Kind::call)) return (*pair)[1];
    }
    return std::nullopt;
  }
  if (e.name() == "FeatureUnion") {
    for (const Ref part : e.items("transformer_list")) {
      const auto pair = trained::items_of(e.records(), part);
      if (pair && pair->size() == 2 && e.records().is((*pair)[1], Kind::call)) return (*pair)[1];
    }
    return std::nullopt;
  }
  for (const char* key : {"best_estimator_", "regressor_", "estimator"}) {
    if (e.records().is(e.find(key), Kind::call)) return e.find(key);
  }
  for (const char* key : {"estimators_", "calibrated_classifiers_"}) {
    if (e.find(key) == no_ref) continue;
    const auto items = trained::items_of(e.records(), e.find(key));
    if (items && !items->empty() && e.records().is(items->front(), Kind::call))
      return items->front();
  }
  return std::nullopt;
}

bool takes_texts(const Estimator& e) {
  return e.name() == "CountVectorizer" || e.name() == "TfidfVectorizer";
}

// The size of an array's axis, from the back; of older files that do not count their features.
std::optional<std::size_t> axis_of(const Estimator& e, const char* key, std::size_t axis) {
  const Ref ref = e.find(key);
  if (ref == no_ref) return std::nullopt;
  if (e.records().is(ref, Kind::array)) {
    const auto& shape = e.records().array(ref).shape;
    return shape.size() > axis ? std::optional(shape[shape.size() - 1 - axis]) : std::nullopt;
  }
  const auto items = trained::items_of(e.records(), ref);
  return items ? std::optional(items->size()) : std::nullopt;
}

std::optional<std::size_t> counted(const Estimator& e) {
  if (e.has("_Booster")) return booster_features(e);
  for (const char* key : {"n_features_in_", "n_features_", "_n_features"}) {
    if (const auto count = trained::number_of(e.records(), e.find(key)); count && *count >= 1)
      return static_cast<std::size_t>(*count);
  }
  for (const char* key :
       {"coef_", "scale_", "mean_", "statistics_", "categories_", "cluster_centers_", "_fit_X",
        "support_vectors_", "theta_", "components_", "scores_", "variances_", "bin_edges_",
        "lambdas_", "feature_log_prob_", "means_"}) {
    if (const auto count = axis_of(e, key, 0)) return count;
  }
  if (e.find("coefs_") != no_ref) {
    const auto layers = e.items("coefs_");
    if (!layers.empty()) return matrix_of(e, layers[0]).rows;
  }
  return std::nullopt;
}

std::vector<std::string> names_of(const Estimator& e) {
  for (const char* key : {"feature_names_in_", "_feature_names_in"}) {
    const auto names = trained::texts_of(e.records(), e.find(key));
    if (names && !names->empty()) return *names;
  }
  return {};
}

}  // namespace

std::vector<steps::DataColumn> data_columns(const Estimator& model) {
  std::vector<std::string> names;
  std::optional<std::size_t> count;
  Estimator e = model;
  for (int depth = 0; depth < most_depth; ++depth) {
    if (takes_texts(e)) {
      count = 1;
      break;
    }
    if (names.empty()) names = names_of(e);
    if (!count) count = counted(e);
    const auto next = first_of(e);
    if (!next || (count && !names.empty())) break;
    e = Estimator(e.records(), *next, e.place());
  }
  if (!count && !names.empty()) count = names.size();
  if (!count) model.refuse("does not say how many columns it takes");
  if (*count > most_columns) model.refuse("takes more than a million columns");
  std::vector<steps::DataColumn> out;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < *count; ++i) {
    const bool named = names.size() == *count && !names[i].empty();
    std::string name = named ? names[i] : fmt::format("x{}", i);
    if (takes_texts(e)) name = "X";
    if (!taken.insert(name).second) model.refuse("two columns are called " + name);
    out.push_back({std::move(name), false, false});
  }
  return out;
}

bool is_predictor(const Estimator& model) {
  if (model.name() != "Pipeline") return true;
  const std::vector<Ref> steps = model.items("steps");
  if (steps.empty()) return false;
  const auto last = trained::items_of(model.records(), steps.back());
  if (!last || last->size() != 2) return false;
  const Estimator e(model.records(), (*last)[1], "");
  return !e.name().empty() && (predictors().contains(e.name()) || !transforms().contains(e.name()));
}

std::vector<std::string> versions_of(const Records& records, const Estimator& model) {
  std::vector<std::string> out;
  Estimator e = model;
  for (int depth = 0; depth < most_depth; ++depth) {
    if (const std::string version = e.text_or("_sklearn_version", ""); !version.empty()) {
      out.push_back("scikit-learn " + version);
      break;
    }
    const auto next = first_of(e);
    if (!next) break;
    e = Estimator(records, *next, "");
  }
  return out;
}

}  // namespace octet::translate
