// XGBoost's and LightGBM's own models.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "translate/translator.hpp"

namespace octet::translate {

using Json = nlohmann::ordered_json;

// What a model says of its data, and in which words it is described.
struct BoosterHead {
  std::uint32_t features = 0;
  std::vector<std::string> names;     // of the features; empty: it does not say
  std::vector<std::string> versions;  // "XGBoost 3.0.0"
  std::string summary;                // "gbtree, binary:logistic, 10 trees"
};

// All throw Error{invalid_model} for what is damaged and Error{unsupported} for what is not
// supported; messages do not name the file.
[[nodiscard]] Json read_xgboost_json(std::string_view text);  // JSON, with its bare NaN as null
[[nodiscard]] Json read_ubjson(std::span<const std::byte> bytes);

[[nodiscard]] BoosterHead xgboost_head(const Json& document);
// `x` has a column for each feature.
[[nodiscard]] Prediction predict_xgboost(const Json& document, Translator& t, ValueId x,
                                         Iterations iterations);

[[nodiscard]] BoosterHead lightgbm_head(std::string_view text);
// Of the first `rounds` iterations; 0: all of them.
[[nodiscard]] Prediction predict_lightgbm(std::string_view text, Translator& t, ValueId x,
                                          std::size_t rounds);

// How many features the booster within scikit-learn's wrapper takes.
[[nodiscard]] std::size_t booster_features(const Estimator& wrapper);

// Labels 0, 1, 2 …
[[nodiscard]] steps::Labels counted_labels(std::size_t count);

}  // namespace octet::translate
