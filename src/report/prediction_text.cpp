// Predictions as CSV and as JSON lines. Numbers are the shortest text that reads back to the same
// value, whatever the locale.
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "octet/error.hpp"
#include "octet/predict.hpp"
#include "report/prediction_elements.hpp"

namespace octet {
namespace {

using nlohmann::json;
using report::PredictionElements;

std::string quoted_json(const std::string& text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// RFC 4180: quoted when it must be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

// Rows of all outputs; a scalar is one row.
std::vector<PredictionElements> side_by_side(const std::vector<Prediction>& outputs) {
  std::vector<PredictionElements> out;
  for (const Prediction& output : outputs) {
    out.emplace_back(output);
    if (out.back().rows() != out.front().rows()) {
      throw Error(
          ErrorCode::unsupported,
          fmt::format("output \"{}\" has {} rows and \"{}\" has {}: they do not go side by "
                      "side; choose one output, or the format npy",
                      outputs.front().name, out.front().rows(), output.name, out.back().rows()));
    }
  }
  return out;
}

// "[1][2]" for element `i` of a row of shape dims[1:], "[setosa]" where the last axis has keys; ""
// when there is no such axis.
std::string index_text(const PredictionElements& output, std::size_t i) {
  std::string out;
  for (std::size_t axis = output.dims().size(); axis-- > 1;) {
    const auto size = static_cast<std::size_t>(output.dims()[axis]);
    const bool keyed = output.has_keys() && axis + 1 == output.dims().size();
    out.insert(0, keyed ? fmt::format("[{}]", one_line(output.keys()[i % size]))
                        : fmt::format("[{}]", i % size));
    i /= size;
  }
  return out;
}

// The values from `next` on, nested as dims[axis:] say: lists, and objects where there are keys.
void append_nested(const PredictionElements& elements, const std::vector<std::int64_t>& dims,
                   std::size_t axis, std::size_t& next, std::string& out) {
  if (axis >= dims.size()) {
    if (elements.is_text()) {
      out += quoted_json(elements.string_at(next));
    } else {
      const std::string text = elements.text_at(next);
      const bool finite = text.find_first_of("ni") == std::string::npos;  // nan, inf, -inf
      out += elements.is_bool() ? (text == "1" ? "true" : "false")
             : finite           ? text
                                : quoted_json(text);
    }
    ++next;
    return;
  }
  const bool keyed = elements.has_keys() && axis + 1 == dims.size();
  out += keyed ? '{' : '[';
  for (std::int64_t i = 0; i < dims[axis]; ++i) {
    if (i > 0) out += ',';
    if (keyed) out += quoted_json(elements.keys()[static_cast<std::size_t>(i)]) + ":";
    append_nested(elements, dims, axis + 1, next, out);
  }
  out += keyed ? '}' : ']';
}

}  // namespace

std::string to_csv(const std::vector<Prediction>& outputs) {
  const auto columns = side_by_side(outputs);
  std::string out;
  const char* separator = "";
  for (const PredictionElements& output : columns) {
    for (std::size_t i = 0; i < output.row_size(); ++i) {
      out += separator + csv_field(one_line(output.name()) + index_text(output, i));
      separator = ",";
    }
  }
  out += '\n';
  for (std::size_t row = 0; !columns.empty() && row < columns.front().rows(); ++row) {
    separator = "";
    for (const PredictionElements& output : columns) {
      for (std::size_t i = 0; i < output.row_size(); ++i) {
        const std::size_t at = row * output.row_size() + i;
        out += separator;
        out += output.is_text() ? csv_field(output.string_at(at)) : output.text_at(at);
        separator = ",";
      }
    }
    out += '\n';
  }
  return out;
}

std::string to_jsonl(const std::vector<Prediction>& outputs) {
  const auto columns = side_by_side(outputs);
  std::string out;
  for (std::size_t row = 0; !columns.empty() && row < columns.front().rows(); ++row) {
    const char* separator = "{";
    for (const PredictionElements& output : columns) {
      out += separator + quoted_json(output.name()) + ":";
      std::size_t next = row * output.row_size();
      append_nested(output, output.dims(), 1, next, out);
      separator = ",";
    }
    out += "}\n";
  }
  return out;
}

}  // namespace octet
