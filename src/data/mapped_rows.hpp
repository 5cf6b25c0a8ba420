// Rows copied out of a mapped file when they are asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/mapped_file.hpp"
#include "data/npy.hpp"
#include "data/rows.hpp"

namespace octet::data {

// `elements` are bytes of the file, row after row. Asking for rows throws Error{io} when the file
// was changed since it was opened.
[[nodiscard]] Rows mapped_rows(std::shared_ptr<const base::MappedFile> file,
                               std::span<const std::byte> elements, const PlainArray& array);

}  // namespace octet::data
