// Trained models with the predictions their own libraries recorded.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/mapped_file.hpp"
#include "export/emitter.hpp"
#include "export/rows.hpp"
#include "runtime/session.hpp"
#include "support/places.hpp"
#include "support/temporary_folder.hpp"
#include "translate/model.hpp"

namespace octet::test {

using Json = nlohmann::json;

[[nodiscard]] inline translate::Model read_trained(const std::filesystem::path& path) {
  const auto held = std::make_shared<const base::MappedFile>(base::MappedFile::open(path));
  return translate::read_model(held->bytes(), held, path.filename().string());
}

// The recorded inputs by column: a list of rows, of texts, or columns by name.
[[nodiscard]] inline steps::Rows rows_of(const Json& inputs, const steps::Program& program) {
  steps::Rows out;
  const std::size_t columns = program.columns.size();
  out.numbers.resize(columns);
  out.texts.resize(columns);
  const auto put = [&](std::size_t column, const Json& value) {
    if (program.columns[column].is_text)
      out.texts[column].push_back(value.is_null() ? "" : value.get<std::string>());
    else
      out.numbers[column].push_back(value.is_number()    ? value.get<double>()
                                    : value.is_boolean() ? double(value.get<bool>())
                                                         : std::nan(""));
  };
  if (inputs.is_object()) {
    for (std::size_t c = 0; c < columns; ++c) {
      const Json& list = inputs.at(program.columns[c].name);
      out.count = list.size();
      for (const Json& value : list) put(c, value);
    }
    return out;
  }
  out.count = inputs.size();
  for (const Json& row : inputs) {
    if (!row.is_array()) {
      put(0, row);
      continue;
    }
    for (std::size_t c = 0; c < columns; ++c) put(c, row.at(c));
  }
  return out;
}

struct Answers {
  std::vector<std::string> names;
  std::vector<std::vector<double>> numbers;     // of each output, flat
  std::vector<std::vector<std::string>> texts;  // of each output

  [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return i;
    }
    return std::nullopt;
  }
};

[[nodiscard]] inline Answers answers_of(const std::vector<base::NamedTensor>& outputs) {
  Answers out;
  for (const base::NamedTensor& output : outputs) {
    out.names.push_back(output.name);
    out.texts.push_back(output.tensor.strings);
    std::vector<double> numbers;
    const base::Tensor& t = output.tensor;
    if (t.type == base::ElementType::float32)
      numbers.assign(t.as<float>().begin(), t.as<float>().end());
    if (t.type == base::ElementType::float64)
      numbers.assign(t.as<double>().begin(), t.as<double>().end());
    if (t.type == base::ElementType::int64)
      for (const std::int64_t one : t.as<std::int64_t>()) numbers.push_back(double(one));
    out.numbers.push_back(std::move(numbers));
  }
  return out;
}

// The predictor's answers with labels in place of their indices.
[[nodiscard]] inline Answers answers_of(const steps::Program& program,
                                        const std::vector<steps::Table>& tables) {
  Answers out;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const steps::Output& output = program.outputs[i];
    out.names.push_back(output.name);
    out.numbers.emplace_back();
    out.texts.emplace_back();
    for (const double value : tables[i].numbers) {
      if (!output.labels) {
        out.numbers.back().push_back(value);
      } else if (output.labels->texts.empty()) {
        out.numbers.back().push_back(double(output.labels->numbers.at(std::size_t(value))));
      } else {
        out.texts.back().push_back(output.labels->texts.at(std::size_t(value)));
      }
    }
  }
  return out;
}

struct Difference {
  std::size_t labels = 0;  // that differ
  double worst = 0;        // over numbers, relative to 1 + |expected|
};

inline void flatten(const Json& json, std::vector<double>& into) {
  if (json.is_array()) {
    for (const Json& one : json) flatten(one, into);
  } else {
    into.push_back(json.is_number()    ? json.get<double>()
                   : json.is_boolean() ? double(json.get<bool>())
                                       : std::nan(""));
  }
}

[[nodiscard]] inline double worst_of(const std::vector<double>& found, const Json& expected) {
  std::vector<double> truth;
  flatten(expected, truth);
  if (found.size() != truth.size()) return std::numeric_limits<double>::infinity();
  double worst = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double apart = std::abs(found[i] - truth[i]) / (1 + std::abs(truth[i]));
    worst = std::isnan(apart) ? std::numeric_limits<double>::infinity() : std::max(worst, apart);
  }
  return worst;
}

}  // namespace octet::test
