// Pickles and joblib files as records: a stack machine that imports nothing and calls nothing.
//
// A pickle is a program. Its danger is that Python calls what it names; here a name is two strings
// and a call is a record. A dozen callables that make plain values (NumPy's arrays, dtypes and
// scalars, byte strings, sets) are known by name, and their values are made by our own code.
// Everything else stays inert, whatever it is: it fails the translation of the model, by name, only
// if that needs its value. Each opcode makes at most a few records, so memory and time are linear
// in the file; nothing recurses.
//
// joblib's arrays are in the stream behind the object that stands for them; such a stream may hold
// one more level of pickle, for arrays of objects.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "trained/record.hpp"

namespace octet::trained {

struct Pickle {
  Records records;
  Ref root = no_ref;
};

// Reads protocols 0 to 5. `bytes` must be alive as long as `owner` is; `label` opens messages.
// Throws Error{invalid_model} naming the byte: for what is cut short, for opcodes that honest files
// never have, for arrays whose data do not fill their shape, above the limits, and for anything
// behind the end of the pickle.
[[nodiscard]] Pickle read_pickle(std::span<const std::byte> bytes,
                                 std::shared_ptr<const void> owner, const std::string& label,
                                 const Limits& limits = {});

}  // namespace octet::trained
