// skops files as records: a zip archive whose schema.json tells the objects and whose other entries
// hold the arrays.
//
// The records are those that a pickle of the same model gives, so that whoever translates them need
// not know where they come from. As with pickles, what the schema wants to be imported, made or
// called stays a note; loaders that are not known are notes too.
#pragma once

#include "trained/pickle.hpp"

namespace octet::trained {

// `bytes` must be alive as long as `owner` is; `label` opens messages. Throws Error{invalid_model}
// naming the entry for damage and above the limits; Error{unsupported} for archives that are not
// skops's.
[[nodiscard]] Pickle read_skops(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                const std::string& label, const Limits& limits = {});

}  // namespace octet::trained
