// A part of a comparison as JSON and back.
#pragma once

#include <string>
#include <string_view>

#include "measure/comparison_part.hpp"

namespace octet::report {

[[nodiscard]] std::string to_json(const measure::ComparisonPart& part);
// Throws Error{invalid_argument} that begins with `label`.
[[nodiscard]] measure::ComparisonPart part_from_json(std::string_view text,
                                                     const std::string& label);

}  // namespace octet::report
