// What one share of a comparison's calls came to: everything that merging them needs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "measure/output_sums.hpp"
#include "octet/parity.hpp"

namespace octet::measure {

struct ComparisonPart {
  std::uint64_t shard = 1, shards = 1;
  octet::ParityReport report;  // of the whole, but for outputs and judgement: the same in each part
  std::vector<OutputSums> sums;
  // Of the share's worst row, which the whole's may be.
  std::optional<std::uint64_t> worst_input_row = {};
  std::vector<RowColumn> worst_columns = {};
};

template <FieldsOf<ComparisonPart> T, typename Visitor>
void visit_fields(T& part, Visitor&& visit) {
  visit(Field{.name = "shard", .required = true}, part.shard);
  visit(Field{.name = "shards", .required = true}, part.shards);
  visit(Field{.name = "report", .required = true}, part.report);
  visit(Field{.name = "sums", .required = true}, part.sums);
  visit(Field{.name = "worst_input_row", .left_out = true}, part.worst_input_row);
  visit(Field{.name = "worst_columns", .left_out = true}, part.worst_columns);
}

}  // namespace octet::measure
