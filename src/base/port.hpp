// One input or output of a model, for everybody who asks about it: what the runtime declares, and
// what the graph knows of its values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/element_type.hpp"

namespace octet::base {

// Dynamic dimensions are -1; `symbols` holds their names ("" when unnamed), one per dim.
struct Port {
  std::string name;
  ElementType type = ElementType::undefined;  // undefined: not a tensor (sequence, map)
  std::vector<std::int64_t> dims;
  std::vector<std::string> symbols;
  // Of an input: inclusive bounds of sensible values, where the graph implies them (ids bounded by
  // the table they index, masks 0 and 1).
  std::optional<double> low = {};
  std::optional<double> high = {};
  // Of an input of one element: values that the model compares it with or branches on. Others are
  // possible.
  std::vector<std::int64_t> values = {};
  // Sizes for which the graph leaves no other choice (channels of a weight), -1 elsewhere; empty:
  // nothing is known.
  std::vector<std::int64_t> wanted = {};
};

}  // namespace octet::base
