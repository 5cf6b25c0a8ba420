#include "export/data_rows.hpp"

#include <algorithm>

#include "data/dataset.hpp"
#include "octet/error.hpp"

namespace octet::exporting {

using base::ElementType;
using base::NamedTensor;
using base::Port;

std::vector<Port> ports_of(const steps::Program& program, bool all_double) {
  const ElementType numbers = all_double ? ElementType::float64 : ElementType::float32;
  if (!program.by_name)
    return {{"X", numbers, {-1, std::ssize(program.columns)}, {"N", ""}, {}, {}, {}}};
  std::vector<Port> out;
  for (const steps::DataColumn& column : program.columns) {
    if (!column.is_read) continue;
    out.push_back({column.name,
                   column.is_text ? ElementType::string : numbers,
                   {-1, 1},
                   {"N", ""},
                   {},
                   {},
                   {}});
  }
  return out;
}

steps::Rows rows_of(const steps::Program& program, const std::vector<NamedTensor>& feed) {
  steps::Rows out;
  const std::size_t columns = program.columns.size();
  out.numbers.resize(columns);
  out.texts.resize(columns);
  if (feed.empty()) return out;
  out.count = static_cast<std::size_t>(feed[0].tensor.dims.at(0));
  const auto number = [](const base::Tensor& tensor, std::size_t i) {
    return tensor.type == ElementType::float64 ? tensor.as<double>()[i]
                                               : static_cast<double>(tensor.as<float>()[i]);
  };
  for (std::size_t c = 0; c < columns; ++c) {
    if (!program.by_name) {
      for (std::size_t r = 0; r < out.count; ++r)
        out.numbers[c].push_back(number(feed[0].tensor, r * columns + c));
      continue;
    }
    const auto found = std::ranges::find(feed, program.columns[c].name, &NamedTensor::name);
    if (found == feed.end()) continue;
    if (program.columns[c].is_text) {
      out.texts[c] = found->tensor.strings;
    } else {
      for (std::size_t r = 0; r < out.count; ++r)
        out.numbers[c].push_back(number(found->tensor, r));
    }
  }
  return out;
}

steps::Rows read_rows(const steps::Program& program, const octet::DataOptions& data,
                      bool all_double) {
  const data::Feeds feeds = data::Dataset(ports_of(program, all_double), data).feeds(0);
  if (feeds.count != 1) {
    throw Error(ErrorCode::invalid_data,
                "the data are several sets; give one table of rows, or an array for each column");
  }
  return rows_of(program, feeds.at(0));
}

std::vector<NamedTensor> tensors_of(const steps::Program& program,
                                    const std::vector<steps::Table>& answers, bool all_double) {
  std::vector<NamedTensor> out;
  for (std::size_t o = 0; o < answers.size(); ++o) {
    const steps::Output& output = program.outputs[o];
    const steps::Table& table = answers[o];
    NamedTensor one;
    one.name = output.name;
    one.tensor.dims = {static_cast<std::int64_t>(table.count)};
    if (!output.flat) one.tensor.dims.push_back(static_cast<std::int64_t>(table.width));
    one.tensor.type = all_double ? ElementType::float64 : ElementType::float32;
    if (output.labels || output.integral) one.tensor.type = ElementType::int64;
    if (output.labels && !output.labels->texts.empty()) {
      one.tensor.type = ElementType::string;
      for (const double index : table.numbers)
        one.tensor.strings.push_back(output.labels->texts.at(static_cast<std::size_t>(index)));
      out.push_back(std::move(one));
      continue;
    }
    one.tensor.bytes.resize(table.numbers.size() * base::element_size(one.tensor.type));
    for (std::size_t i = 0; i < table.numbers.size(); ++i) {
      const double value = table.numbers[i];
      if (output.labels)
        one.tensor.as<std::int64_t>()[i] =
            output.labels->numbers.at(static_cast<std::size_t>(value));
      else if (output.integral)
        one.tensor.as<std::int64_t>()[i] = static_cast<std::int64_t>(value);
      else if (all_double)
        one.tensor.as<double>()[i] = value;
      else
        one.tensor.as<float>()[i] = static_cast<float>(value);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace octet::exporting
