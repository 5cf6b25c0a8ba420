// The shares of a comparison, put together.
#pragma once

#include <vector>

#include "octet/parity_shards.hpp"

namespace octet::report {

// See octet::merge_parity.
[[nodiscard]] octet::ParityReport merged(const std::vector<octet::ShardText>& shards);

}  // namespace octet::report
