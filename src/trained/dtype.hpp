// NumPy's dtypes by their codes: "f8", "i4", "U10", "V56", "O".
#pragma once

#include <optional>
#include <string_view>

#include "trained/record.hpp"

namespace octet::trained {

// nullopt for codes that no array of a trained model has.
[[nodiscard]] std::optional<DType> dtype_of(std::string_view code);

// From a .npy header's descr, with the byte order before the code: "<f8".
[[nodiscard]] std::optional<DType> dtype_of_descr(std::string_view descr);

}  // namespace octet::trained
