// Weights of operators that stay float, stored small.
#pragma once

#include "forms/form.hpp"

namespace octet::forms {

// What the user asked for.
struct StorageWish {
  quant::Kind kind = quant::Kind::int8;  // int8, float16 or float32
  quant::Granularity granularity = quant::Granularity::per_channel;
};

// How this weight is best stored; nullopt: it stays as it is, and `why` says it. Reads no weight.
[[nodiscard]] std::optional<Need> storage_for(const Survey& survey, const Place& place,
                                              const StorageWish& wish, Refusal& why);

// The weight stored exactly so; nullopt when that is impossible. Reads no weight.
[[nodiscard]] std::optional<Need> stored_as(const Survey& survey, const Place& place,
                                            const quant::Encoding& encoding, Refusal& why);

// What the numbers say against storing a weight like this: NaN, infinity, magnitudes float16 does
// not have. Reads the weight (Survey::facts).
[[nodiscard]] std::optional<Refusal> numbers_against(const Survey& survey, const Need& need);

// Why an operator that nobody computes in INT8 stays float, in the words of the plan.
[[nodiscard]] Refusal why_kept(const Survey& survey, const Place& place);

}  // namespace octet::forms
