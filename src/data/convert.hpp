// A tensor's numbers in the element type a model wants.
#pragma once

#include <string>

#include "base/tensor.hpp"

namespace octet::data {

// Between floating types, rounding to nearest (a finite number must stay finite); from integers and
// bool to any number that can hold them; from floating to integer only when every value is
// integral; to bool only from 0 and 1. Numbers and strings are never turned into each other. Throws
// Error{invalid_data}: `place`, the value and the type.
[[nodiscard]] base::Tensor convert(base::Tensor tensor, base::ElementType to,
                                   const std::string& place);

}  // namespace octet::data
