// A row of the data, column by column, with what is unusual about it.
#pragma once

#include <cstdint>
#include <vector>

#include "octet/data.hpp"
#include "octet/parity.hpp"
#include "trial/trial.hpp"

namespace octet::trial {

// Row `row` of a trial whose inputs are a table: one matrix [rows, columns], or a column each.
// Columns with a remark come first. Empty for other inputs, for wide ones, and for made-up rows.
[[nodiscard]] std::vector<octet::RowColumn> row_columns(const Trial& trial,
                                                        const octet::DataOptions& data,
                                                        std::uint64_t row);

}  // namespace octet::trial
