// The user's data as rows of a program: through the same readers as a model's inputs.
#pragma once

#include <vector>

#include "base/port.hpp"
#include "base/tensor.hpp"
#include "octet/data.hpp"
#include "steps/predictor.hpp"

namespace octet::exporting {

// What emit() declares of the program's inputs.
[[nodiscard]] std::vector<base::Port> ports_of(const steps::Program& program, bool all_double);

// The other way round of feeds_of.
[[nodiscard]] steps::Rows rows_of(const steps::Program& program,
                                  const std::vector<base::NamedTensor>& feed);

// All rows of the files or arrays of `data`. Throws Error{invalid_data}.
[[nodiscard]] steps::Rows read_rows(const steps::Program& program, const octet::DataOptions& data,
                                    bool all_double);

// The predictor's answers as tensors, named and typed as the exported model's outputs.
[[nodiscard]] std::vector<base::NamedTensor> tensors_of(const steps::Program& program,
                                                        const std::vector<steps::Table>& answers,
                                                        bool all_double);

}  // namespace octet::exporting
