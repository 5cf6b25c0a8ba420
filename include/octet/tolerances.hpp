// What a model's answers are held to: by parity, and by the gate of quantize.
#pragma once

#include <optional>

namespace octet {

// Given nothing, every floating output is judged by what its values are (docs/numerics.md,
// "Judgement"): bounded ones (probabilities, sigmoid, tanh) absolutely, by bounded_abs_tol and
// bounded_mean_tol; all others by their signal, default_min_sqnr_db; and where the reference has a
// clear argmax, by its agreement. With a tolerance given, floating outputs are held to what was
// given and to nothing else.
inline constexpr double bounded_abs_tol = 0.04;
inline constexpr double bounded_mean_tol = 0.01;
inline constexpr double default_min_sqnr_db = 15;

struct Tolerances {
  std::optional<double> abs_tol;      // max_abs_diff <= abs_tol
  std::optional<double> mean_tol;     // mean_abs_diff <= mean_tol
  std::optional<double> rel_tol;      // rmse <= rel_tol * root mean square of the reference
  std::optional<double> min_cosine;   // cosine_similarity >= min_cosine
  std::optional<double> min_sqnr_db;  // sqnr_db >= min_sqnr_db
  // For every integer, boolean and string output; by default for clear argmaxes too.
  double min_label_agreement = 0.95;
};

}  // namespace octet
