#include "export/rows.hpp"

namespace octet::exporting {
namespace {

using base::ElementType;
using base::NamedTensor;

NamedTensor numbers(const std::string& name, std::size_t rows, std::size_t columns,
                    bool all_double) {
  NamedTensor out;
  out.name = name;
  out.tensor.type = all_double ? ElementType::float64 : ElementType::float32;
  out.tensor.dims = {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  out.tensor.bytes.resize(rows * columns * base::element_size(out.tensor.type));
  return out;
}

void put(NamedTensor& into, std::size_t i, double value) {
  if (into.tensor.type == ElementType::float64)
    into.tensor.as<double>()[i] = value;
  else
    into.tensor.as<float>()[i] = static_cast<float>(value);
}

}  // namespace

std::vector<NamedTensor> feeds_of(const steps::Program& program, const steps::Rows& rows,
                                  bool all_double) {
  std::vector<NamedTensor> out;
  const std::size_t columns = program.columns.size();
  if (!program.by_name) {
    out.push_back(numbers("X", rows.count, columns, all_double));
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t r = 0; r < rows.count; ++r)
        put(out[0], r * columns + c, rows.numbers[c].empty() ? 0 : rows.numbers[c][r]);
    }
    return out;
  }
  for (std::size_t c = 0; c < columns; ++c) {
    if (!program.columns[c].is_read) continue;
    out.push_back(numbers(program.columns[c].name, rows.count, 1, all_double));
    if (!program.columns[c].is_text) {
      for (std::size_t r = 0; r < rows.count; ++r) put(out.back(), r, rows.numbers[c][r]);
      continue;
    }
    out.back().tensor.type = ElementType::string;
    out.back().tensor.bytes.clear();
    out.back().tensor.strings = rows.texts[c];
  }
  return out;
}

}  // namespace octet::exporting
