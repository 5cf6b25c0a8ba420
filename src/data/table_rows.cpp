#include "data/table_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/mapped_file.hpp"
#include "data/csv.hpp"
#include "data/dims.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

using Specs = std::vector<base::Port>;

struct TableFile {
  std::shared_ptr<const base::MappedFile> mapped;
  Table table;

  TableFile(std::shared_ptr<const base::MappedFile> file, const std::string& label)
      : mapped(std::move(file)), table(text_of(*mapped), label, [this](std::string_view read) {
          mapped->release(std::as_bytes(std::span(read)));
        }) {}
  TableFile(const TableFile&) = delete;
  TableFile& operator=(const TableFile&) = delete;

  static std::string_view text_of(const base::MappedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
  }
};

std::shared_ptr<const TableFile> open_checked(const std::filesystem::path& path,
                                              const std::string& label) {
  const auto file = std::make_shared<const base::MappedFile>(base::MappedFile::open(path));
  try {
    return std::make_shared<const TableFile>(file, label);
  } catch (...) {
    file->verify();  // a change explains an error, so it goes first
    throw;
  }
}

// What an input takes.
struct Columns {
  std::vector<std::size_t> chosen;
  bool as_strings = false;
};

// nullopt when the header does not name them all.
std::optional<std::vector<Columns>> named_columns(const Specs& inputs, const Table& table) {
  std::vector<Columns> out;
  for (const base::Port& input : inputs) {
    const auto found = std::ranges::find(table.header(), input.name);
    if (found == table.header().end()) return std::nullopt;
    out.push_back({{static_cast<std::size_t>(found - table.header().begin())},
                   input.type == base::ElementType::string});
  }
  return out;
}

std::vector<Columns> columns_of(const Specs& inputs, const Table& table, const std::string& label) {
  if (auto named = named_columns(inputs, table)) return *std::move(named);
  if (inputs.size() != 1) {
    throw Error(
        ErrorCode::invalid_data,
        fmt::format("{}: expected a header line that names a column for each of {}; found {}",
                    label, specs_text(inputs),
                    table.header().empty() ? std::string("no header")
                                           : fmt::format("{}", fmt::join(table.header(), ", "))));
  }
  Columns all{std::vector<std::size_t>(table.columns()),
              inputs[0].type == base::ElementType::string};
  std::iota(all.chosen.begin(), all.chosen.end(), std::size_t{0});
  return {std::move(all)};
}

void check_cells(const Table& table, const std::vector<Columns>& inputs) {
  constexpr std::size_t at_a_time = 256;
  for (std::size_t row = 0; row < table.rows(); row += at_a_time) {
    const std::size_t count = std::min(at_a_time, table.rows() - row);
    for (const Columns& input : inputs)
      if (!input.as_strings) (void)table.read(row, count, input.chosen, false);
  }
}

}  // namespace

std::vector<NamedRows> open_table(const Specs& inputs, const std::filesystem::path& path) {
  const std::string label = path.string();
  std::vector<NamedRows> out;
  const auto file = open_checked(path, label);
  const std::vector<Columns> wanted = columns_of(inputs, file->table, label);
  check_cells(file->table, wanted);
  file->mapped->verify();
  const auto rows = static_cast<std::int64_t>(file->table.rows());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Columns& input = wanted[i];
    const auto read = [file, input](std::int64_t first, std::int64_t count) {
      base::Tensor some =
          file->table.read(static_cast<std::size_t>(first), static_cast<std::size_t>(count),
                           input.chosen, input.as_strings);
      file->mapped->verify();
      return some;
    };
    out.push_back({inputs[i].name,
                   Rows(input.as_strings ? base::ElementType::string : base::ElementType::float64,
                        {rows, static_cast<std::int64_t>(input.chosen.size())}, read)});
  }
  return out;
}

}  // namespace octet::data
