// An array as NumPy's .npy files hold it, records with named fields among them.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "trained/record.hpp"

namespace octet::trained {

// The numbers stay where they lie in `file`, which must live as long as the records. Throws
// Error{invalid_model} for what NumPy does not write, for arrays of objects (a pickle in disguise),
// and for data that do not fill the shape exactly. `label` opens messages.
[[nodiscard]] Array read_npy_array(std::span<const std::byte> file, Records& records,
                                   const std::string& label);

}  // namespace octet::trained
