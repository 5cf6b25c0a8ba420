// Files to feeds: gather arrays, give each to an input, fit it, cut the whole into feeds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>

#include "base/mapped_file.hpp"
#include "data/csv.hpp"
#include "data/dims.hpp"
#include "data/fit.hpp"
#include "data/inputs.hpp"
#include "data/test_data_set.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

namespace fs = std::filesystem;
using Specs = std::vector<InputSpec>;

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
}

struct Source {
  base::NamedTensor array;
  std::string file;
};

std::string expected_text(const Specs& specs) {
  std::vector<std::string> out;
  for (const InputSpec& spec : specs) {
    out.push_back(fmt::format("\"{}\" ({})", spec.name, spec_text(spec)));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string found_text(const std::vector<Source>& sources) {
  std::vector<std::string> out;
  for (const Source& source : sources) {
    const auto& array = source.array;
    out.push_back(
        fmt::format("{} {} [{}]", array.name.empty() ? "an array" : "\"" + array.name + "\"",
                    base::element_name(array.tensor.type), fmt::join(array.tensor.dims, ", ")));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

// By name when every input's name is there (further arrays are ignored); in the model's order when
// the arrays have no names and the numbers agree.
std::vector<Source> in_model_order(const Specs& specs, std::vector<Source> sources,
                                   const std::string& label) {
  std::vector<Source> out;
  std::vector<std::string> missing;
  for (const InputSpec& spec : specs) {
    const auto found = std::ranges::find_if(
        sources, [&](const Source& source) { return source.array.name == spec.name; });
    if (found == sources.end()) {
      missing.push_back(spec.name);
    } else {
      out.push_back(*found);
    }
  }
  if (missing.empty()) return out;
  // numpy.savez calls arrays that were given no name arr_0, arr_1, …
  const bool nameless = std::ranges::all_of(sources, [](const Source& source) {
    return source.array.name.empty() || source.array.name.starts_with("arr_");
  });
  const bool only_one = sources.size() == 1;
  if (out.empty() && sources.size() == specs.size() && (nameless || only_one)) return sources;
  refuse(label, fmt::format("no data for input \"{}\"; expected {}; found {}", missing.front(),
                            expected_text(specs), found_text(sources)));
}

// Which columns of the table each input takes; nullopt when the header does not name them all.
std::optional<std::vector<std::size_t>> named_columns(const Specs& specs, const Table& table) {
  std::vector<std::size_t> out;
  for (const InputSpec& spec : specs) {
    const auto found = std::ranges::find(table.header, spec.name);
    if (found == table.header.end()) return std::nullopt;
    out.push_back(static_cast<std::size_t>(found - table.header.begin()));
  }
  return out;
}

std::vector<Source> read_table(const Specs& specs, const fs::path& path) {
  const std::string label = path.string();
  const Table table = base::read_mapped(path, [&](std::span<const std::byte> bytes) {
    return read_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, label);
  });
  const auto columns = [&](const InputSpec& spec, std::span<const std::size_t> chosen) {
    const bool strings = spec.type == base::ElementType::string;
    return Source{{spec.name, csv_columns(table, chosen, strings, label)}, label};
  };
  if (const auto named = named_columns(specs, table)) {
    std::vector<Source> out;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      out.push_back(columns(specs[i], std::span(*named).subspan(i, 1)));
    }
    return out;
  }
  if (specs.size() != 1) {
    refuse(label,
           fmt::format("expected a header line that names a column for each of {}; found {}",
                       expected_text(specs),
                       table.header.empty() ? std::string("no header")
                                            : fmt::format("{}", fmt::join(table.header, ", "))));
  }
  std::vector<std::size_t> all(table.columns);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return {columns(specs[0], all)};
}

// One list of arrays, in the model's order, for each test data set; else one for all files
// together.
std::vector<std::vector<Source>> gather(const Specs& specs, const std::vector<fs::path>& files) {
  const std::string label = fmt::format("{}", files.front().string());
  std::vector<std::vector<Source>> out;
  std::error_code unseen;  // refused when it is opened
  if (files.size() == 1 && fs::is_directory(files.front(), unseen)) {
    for (const fs::path& data_set : test_data_sets(files.front())) {
      std::vector<Source> sources;
      for (auto& array : read_numbered(data_set, "input")) {
        sources.push_back({std::move(array), data_set.string()});
      }
      out.push_back(in_model_order(specs, std::move(sources), data_set.string()));
    }
    return out;
  }
  if (files.size() == 1 && files.front().extension() == ".csv") {
    return {read_table(specs, files.front())};
  }
  std::vector<Source> sources;
  for (const fs::path& path : files) {
    for (auto& array : read_arrays(path)) {
      sources.push_back({std::move(array), path.string()});
    }
  }
  return {in_model_order(specs, std::move(sources), label)};
}

// A symbol that several dimensions share must have one value.
void check_symbols(const Specs& specs, const Feed& feed, const std::string& label) {
  std::map<std::string, std::pair<std::int64_t, std::string>> values;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& dims = feed[i].tensor.dims;
    for (std::size_t axis = 0; axis < std::min(dims.size(), specs[i].dims.size()); ++axis) {
      const std::string symbol = symbol_of(specs[i], axis);
      if (specs[i].dims[axis] >= 0 || symbol.empty()) continue;
      const auto [known, added] = values.try_emplace(symbol, dims[axis], specs[i].name);
      if (!added && known->second.first != dims[axis]) {
        refuse(label, fmt::format("input \"{}\": expected {} = {} as in input \"{}\", found {}",
                                  specs[i].name, symbol, known->second.first, known->second.second,
                                  dims[axis]));
      }
    }
  }
}

// `specs` with options.dims: a first dimension given there bounds the rows of a feed instead of
// being fixed, so that the last feed may be smaller.
Specs with_dims(const Specs& declared, const octet::DataOptions& options, std::int64_t& max_rows) {
  Specs specs = fix_dims(declared, options.dims);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (declared[i].dims.empty() || declared[i].dims[0] >= 0 || specs[i].dims[0] < 0) continue;
    max_rows = max_rows > 0 ? std::min(max_rows, specs[i].dims[0]) : specs[i].dims[0];
    specs[i].dims[0] = -1;
  }
  return specs;
}

Feeds read_feeds(const Specs& declared, const octet::DataOptions& options, std::int64_t max_rows) {
  const Specs specs = with_dims(declared, options, max_rows);
  const std::vector<fs::path>& files = options.files;
  Feeds out;
  const auto sets = gather(specs, files);
  for (const std::vector<Source>& sources : sets) {
    Feed whole;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const std::string place = fmt::format("{}: input \"{}\"", sources[i].file, specs[i].name);
      whole.push_back({specs[i].name, fit(sources[i].array.tensor, specs[i], place)});
    }
    const std::string label = sources.empty() ? files.front().string() : sources.front().file;
    check_symbols(specs, whole, label);
    for (Feed& feed : cut(specs, std::move(whole), max_rows, label, out.rows)) {
      out.feeds.push_back(std::move(feed));
    }
  }
  std::vector<std::string> names;
  for (const fs::path& path : files) names.push_back(path.string());
  std::error_code unseen;
  const bool folder = fs::is_directory(files.front(), unseen);
  const std::uint64_t number = folder ? sets.size() : out.rows;
  out.description = fmt::format("{} ({} {}{})", fmt::join(names, ", "), number,
                                folder ? "data set" : "row", number == 1 ? "" : "s");
  return out;
}

}  // namespace

Feeds make_feeds(const std::vector<InputSpec>& specs, const octet::DataOptions& options,
                 std::int64_t max_rows) {
  if (!options.files.empty()) {
    return read_feeds(specs, options, max_rows);
  }
  Feeds out;
  out.feeds.push_back(generate(specs, options));
  out.description = fmt::format("seeded inputs (seed {})", options.seed);
  out.rows = 1;
  for (const base::NamedTensor& input : out.feeds.front()) {
    if (input.tensor.dims.empty()) continue;
    out.rows = static_cast<std::uint64_t>(input.tensor.dims[0]);
    break;
  }
  return out;
}

}  // namespace octet::data
