// Parity in parts, on as many machines as one likes: each compares its share of the calls, and what
// they found makes the report of the whole, byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "octet/model_source.hpp"
#include "octet/parity.hpp"

namespace octet {

// The calls of a comparison in `count` shares of equal size, give or take one; `index` from 1.
struct ParityShard {
  std::uint64_t index = 1;
  std::uint64_t count = 1;
};

// "3/16". Throws Error{invalid_argument}.
[[nodiscard]] ParityShard shard_from_text(const std::string& text);

// What one share came to, as JSON for merge_parity: sums without rounding, counts and the worst
// row. Both have to be models; one that draws random numbers is refused, because what it draws
// depends on the calls before.
[[nodiscard]] std::string parity_shard(const ModelSource& reference, const ModelSource& candidate,
                                       const ParityOptions& options, const ParityShard& shard);

// A share as it was written, and what to call it in messages.
struct ShardText {
  std::string label;
  std::string text;
};

// The report that octet::parity gives for all of it. The shares may come in any order. Throws
// Error{invalid_argument} when one is missing, there twice, or of other models, data or options.
[[nodiscard]] ParityReport merge_parity(const std::vector<ShardText>& shards);

}  // namespace octet
