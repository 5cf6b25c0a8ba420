// The parts of a plan that can be taken back, and how.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "forms/survey.hpp"
#include "octet/plan.hpp"

namespace octet::tuning {

// Positions of decisions that change together, because they share a weight and must agree about it.
using Unit = std::vector<std::size_t>;

// Of the decisions that change a weight, in the order of the first of each.
[[nodiscard]] std::vector<Unit> units_of(const forms::Survey& survey, const octet::Plan& plan);

// These decisions of the plan carried out, and no others.
[[nodiscard]] octet::Plan part_of(const octet::Plan& plan, std::vector<std::size_t> decisions);

// How much precision a decision gets back.
enum class Level : std::uint8_t {
  stored,  // a product in integers becomes one in floats; its weights stay integers
  half,    // and its weights are float16
  exact,   // and its weights are as they were
};
inline constexpr std::array all_levels = {Level::stored, Level::half, Level::exact};

// Reason and detail of a decision that was taken back.
struct Because {
  const char* reason;
  const char* detail;
};

// A decision that keeps its operator has nothing to give back at the first level but its precision:
// it gets the second.
void give_back(octet::Decision& decision, Level level, const Because& because);

// The operator stays a float one; only its weights may lie smaller.
[[nodiscard]] bool keeps_operator(const octet::Decision& decision);

// Some weight is not stored as it was.
[[nodiscard]] bool changes(const octet::Decision& decision);

}  // namespace octet::tuning
