// "Did you mean …?", for nodes, operators, commands and options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octet {

// The candidate with the smallest edit distance, when it is near enough to be what was meant; ""
// otherwise.
[[nodiscard]] std::string nearest_name(std::string_view wanted,
                                       const std::vector<std::string>& candidates);

}  // namespace octet
