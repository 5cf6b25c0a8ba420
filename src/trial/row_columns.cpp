#include "trial/row_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "data/column_names.hpp"
#include "data/inputs.hpp"

namespace octet::trial {
namespace {

using base::ElementType;

constexpr std::int64_t most_columns = 1000;
constexpr std::uint64_t most_rows = 1'000'000;
constexpr std::uint64_t fewest_rows = 8;   // that say what is usual
constexpr std::size_t fewest_columns = 3;  // likewise
constexpr double far_away = 6;             // standard deviations
constexpr double other_size = 100;         // times the median column

struct Column {
  std::string name;
  std::string text;  // in the row asked for, where it is no number
  double value = 0;  // likewise
  bool is_number = true;
  std::uint64_t count = 0;  // finite numbers
  double mean = 0;
  double squares = 0;  // of distances from the mean
  double largest = 0;  // magnitude

  void add(double x) {
    if (!std::isfinite(x)) return;
    ++count;
    const double apart = x - mean;
    mean += apart / static_cast<double>(count);
    squares += apart * (x - mean);
    largest = std::max(largest, std::abs(x));
  }
  [[nodiscard]] double deviation() const {
    return count < 2 ? 0 : std::sqrt(squares / static_cast<double>(count - 1));
  }
};

std::optional<double> number_at(const base::Tensor& tensor, std::size_t i) {
  switch (tensor.type) {
    case ElementType::float32:
      return static_cast<double>(tensor.as<float>()[i]);
    case ElementType::float64:
      return tensor.as<double>()[i];
    case ElementType::int64:
      return static_cast<double>(tensor.as<std::int64_t>()[i]);
    case ElementType::int32:
      return tensor.as<std::int32_t>()[i];
    default:
      return std::nullopt;
  }
}

// How many columns an input is; nullopt when it is no part of a table.
std::optional<std::int64_t> width_of(const base::Tensor& tensor) {
  if (tensor.dims.size() == 1) return 1;
  if (tensor.dims.size() != 2) return std::nullopt;
  return tensor.dims[1];
}

class Reader {
 public:
  Reader(const Trial& trial, const octet::DataOptions& data, std::uint64_t row)
      : trial_(trial), data_(data), row_(row) {}

  std::vector<Column> read() {
    std::uint64_t first = 0;  // row of the feed
    for (std::size_t i = 0; i < trial_.size(); ++i) {
      const data::Feed feed = trial_.feed(i);
      if (i == 0 && !start(feed)) return {};
      if (!add(feed, first)) return {};
      first += trial_.rows_of(i);
    }
    return std::move(columns_);
  }

 private:
  bool start(const data::Feed& feed) {
    std::int64_t all = 0;
    for (const base::NamedTensor& input : feed) {
      const auto width = width_of(input.tensor);
      if (!width) return false;
      all += *width;
    }
    if (all == 0 || all > most_columns) return false;
    std::vector<std::string> header;
    if (data_.files.size() == 1 && feed.size() == 1) header = data::column_names(data_.files[0]);
    for (const base::NamedTensor& input : feed) {
      const std::int64_t width = *width_of(input.tensor);
      for (std::int64_t c = 0; c < width; ++c) {
        Column column;
        column.name = width == 1 ? input.name : fmt::format("{}[{}]", input.name, c);
        if (std::ssize(header) == all) column.name = header[columns_.size()];
        columns_.push_back(std::move(column));
      }
    }
    return true;
  }

  bool add(const data::Feed& feed, std::uint64_t first) {
    std::size_t next = 0;
    for (const base::NamedTensor& input : feed) {
      const auto width = static_cast<std::size_t>(width_of(input.tensor).value_or(0));
      const auto rows = static_cast<std::uint64_t>(input.tensor.dims.at(0));
      if (next + width > columns_.size()) return false;
      for (std::uint64_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < width; ++c)
          take(columns_[next + c], input.tensor, r * width + c, first + r == row_);
      }
      next += width;
    }
    return next == columns_.size();
  }

  static void take(Column& column, const base::Tensor& tensor, std::size_t at, bool is_asked_for) {
    const auto number = number_at(tensor, at);
    column.is_number = number.has_value();
    if (number) column.add(*number);
    if (!is_asked_for) return;
    column.value = number.value_or(0);
    if (!number) column.text = at < tensor.strings.size() ? tensor.strings[at] : "…";
  }

  const Trial& trial_;
  const octet::DataOptions& data_;
  std::uint64_t row_;
  std::vector<Column> columns_;
};

double median_size(const std::vector<Column>& columns) {
  std::vector<double> sizes;
  for (const Column& column : columns) {
    if (column.is_number && column.largest > 0) sizes.push_back(column.largest);
  }
  if (sizes.size() < fewest_columns) return 0;
  std::ranges::nth_element(sizes, sizes.begin() + std::ssize(sizes) / 2);
  return sizes[sizes.size() / 2];
}

std::string remark_on(const Column& column, double usual_size) {
  if (!column.is_number) return "";
  const double deviations =
      column.deviation() > 0 ? std::abs(column.value - column.mean) / column.deviation() : 0;
  if (column.count >= fewest_rows && deviations > far_away)
    return fmt::format("an outlier: {:.0f} standard deviations from its mean", deviations);
  if (usual_size > 0 && column.largest > other_size * usual_size) {
    return fmt::format("of another size: numbers up to {:.3g}, the median column's up to {:.3g}",
                       column.largest, usual_size);
  }
  return "";
}

}  // namespace

std::vector<octet::RowColumn> row_columns(const Trial& trial, const octet::DataOptions& data,
                                          std::uint64_t row) {
  if (!data::is_given(data) || trial.rows() > most_rows) return {};
  const std::vector<Column> columns = Reader(trial, data, row).read();
  const double usual_size = median_size(columns);
  std::vector<octet::RowColumn> out;
  for (const Column& column : columns) {
    octet::RowColumn one;
    one.name = column.name;
    one.value = column.is_number ? fmt::format("{:.6g}", column.value) : column.text;
    one.remark = remark_on(column, usual_size);
    if (column.is_number && column.count > 0) {
      one.mean = column.mean;
      one.deviation = column.deviation();
    }
    out.push_back(std::move(one));
  }
  std::ranges::stable_partition(out, [](const auto& one) { return !one.remark.empty(); });
  return out;
}

}  // namespace octet::trial
