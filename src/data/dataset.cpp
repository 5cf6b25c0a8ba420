// Files and arrays to feeds: gather arrays, give each to an input, fit it, cut the whole.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "data/arrays.hpp"
#include "data/dataset.hpp"
#include "data/dims.hpp"
#include "data/fit.hpp"
#include "data/inputs.hpp"
#include "data/table_rows.hpp"
#include "data/test_data_set.hpp"
#include "octet/error.hpp"

namespace octet::data {
namespace {

namespace fs = std::filesystem;
using Specs = std::vector<base::Port>;

[[noreturn]] void refuse(const std::string& label, const std::string& fact) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, fact));
}

constexpr const char* array_label = "the arrays given";

struct Source {
  NamedRows array;
  std::string file;
};

std::vector<Source> table_sources(const Specs& specs, const fs::path& path) {
  std::vector<Source> out;
  for (NamedRows& array : open_table(specs, path)) out.push_back({std::move(array), path.string()});
  return out;
}

std::string found_text(const std::vector<Source>& sources) {
  std::vector<std::string> out;
  for (const Source& source : sources) {
    const auto& array = source.array;
    out.push_back(
        fmt::format("{} {} [{}]", array.name.empty() ? "an array" : "\"" + array.name + "\"",
                    base::element_name(array.rows.type()), fmt::join(array.rows.dims(), ", ")));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

// One set. A list in braces would copy the arrays.
std::vector<std::vector<Source>> only(std::vector<Source> set) {
  std::vector<std::vector<Source>> out;
  out.push_back(std::move(set));
  return out;
}

// By name when every input's name is there (further arrays are ignored); in the model's order when
// the arrays have no names and the numbers agree.
std::vector<Source> in_model_order(const Specs& specs, std::vector<Source> sources,
                                   const std::string& label) {
  std::vector<std::size_t> places;
  std::vector<std::string> missing;
  for (const base::Port& spec : specs) {
    const auto found = std::ranges::find_if(
        sources, [&](const Source& source) { return source.array.name == spec.name; });
    if (found == sources.end()) {
      missing.push_back(spec.name);
    } else {
      places.push_back(static_cast<std::size_t>(found - sources.begin()));
    }
  }
  if (missing.empty()) {
    std::vector<Source> out;
    for (const std::size_t place : places) out.push_back(std::move(sources[place]));
    return out;
  }
  // numpy.savez calls arrays that were given no name arr_0, arr_1, …
  const bool nameless = std::ranges::all_of(sources, [](const Source& source) {
    return source.array.name.empty() || source.array.name.starts_with("arr_");
  });
  const bool only_one = sources.size() == 1;
  if (places.empty() && sources.size() == specs.size() && (nameless || only_one)) return sources;
  refuse(label, fmt::format("no data for input \"{}\"; expected {}; found {}", missing.front(),
                            specs_text(specs), found_text(sources)));
}

// One list of arrays, in the model's order, for each test data set; else one for all files
// together.
std::vector<std::vector<Source>> gather(const Specs& specs, const octet::DataOptions& options) {
  const std::vector<fs::path>& files = options.files;
  std::vector<Source> sources;
  for (const octet::Array& array : options.arrays) {
    base::NamedTensor tensor = to_tensor(array, array_label);
    sources.push_back({{std::move(tensor.name), Rows(std::move(tensor.tensor))}, array_label});
  }
  if (files.empty()) return only(in_model_order(specs, std::move(sources), array_label));
  const std::string label = files.front().string();
  std::vector<std::vector<Source>> out;
  std::error_code unseen;  // refused when it is opened
  if (files.size() == 1 && fs::is_directory(files.front(), unseen)) {
    for (const fs::path& data_set : test_data_sets(files.front())) {
      std::vector<Source> set;
      for (auto& array : read_numbered(data_set, "input")) {
        set.push_back({{std::move(array.name), Rows(std::move(array.tensor))}, data_set.string()});
      }
      out.push_back(in_model_order(specs, std::move(set), data_set.string()));
    }
    return out;
  }
  if (files.size() == 1 && files.front().extension() == ".csv") {
    return only(table_sources(specs, files.front()));
  }
  for (const fs::path& path : files) {
    for (NamedRows& array : open_arrays(path)) {
      sources.push_back({std::move(array), path.string()});
    }
  }
  return only(in_model_order(specs, std::move(sources), label));
}

// A symbol that several inputs share must have one value. Within one input it need not: exporters
// give all axes they know nothing of one name.
void check_symbols(const Specs& specs, const Whole& whole, const std::string& label) {
  std::map<std::string, std::pair<std::int64_t, std::string>> values;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& dims = whole[i].rows.dims();
    for (std::size_t axis = 0; axis < std::min(dims.size(), specs[i].dims.size()); ++axis) {
      const std::string symbol = symbol_of(specs[i], axis);
      if (specs[i].dims[axis] >= 0 || symbol.empty()) continue;
      const auto [known, added] = values.try_emplace(symbol, dims[axis], specs[i].name);
      if (!added && known->second.second != specs[i].name && known->second.first != dims[axis]) {
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

std::string names_of(const octet::DataOptions& options) {
  std::vector<std::string> names;
  for (const fs::path& path : options.files) names.push_back(path.string());
  if (!options.arrays.empty()) names.emplace_back(array_label);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Dataset::Dataset(const Specs& inputs, const octet::DataOptions& options) {
  inputs_ = with_dims(inputs, options, most_rows_);
  names_ = names_of(options);
  std::error_code unseen;
  is_folder_ = !options.files.empty() && fs::is_directory(options.files.front(), unseen);
  for (std::vector<Source>& sources : gather(inputs_, options)) {
    Whole whole;
    const std::string label = sources.empty() ? names_ : sources.front().file;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const std::string place = fmt::format("{}: input \"{}\"", sources[i].file, inputs_[i].name);
      whole.push_back({inputs_[i].name, fit(std::move(sources[i].array.rows), inputs_[i], place)});
    }
    check_symbols(inputs_, whole, label);
    sets_.push_back({std::make_shared<const Whole>(std::move(whole)), label});
  }
}

Dataset::Dataset(std::vector<base::Port> inputs, std::vector<Feed> made, std::string name)
    : inputs_(std::move(inputs)), names_(std::move(name)), is_made_up_(true) {
  for (Feed& feed : made) {
    Whole whole;
    for (base::NamedTensor& input : feed)
      whole.push_back({std::move(input.name), Rows(std::move(input.tensor))});
    sets_.push_back({std::make_shared<const Whole>(std::move(whole)), names_});
  }
}

bool Dataset::has_free_rows() const {
  return !sets_.empty() && std::ranges::all_of(sets_, [&](const Set& set) {
    return Cut(inputs_, set.whole, 0, set.label).has_free_rows();
  });
}

std::string Dataset::describe(const Feeds& feeds, std::uint64_t total) const {
  const auto rows = [](std::uint64_t n) { return fmt::format("{} row{}", n, n == 1 ? "" : "s"); };
  if (is_made_up_) {
    return fmt::format("{}, {})", names_.substr(0, names_.size() - 1), rows(feeds.rows));
  }
  const std::string whole = is_folder_ ? fmt::format("{} ({} data set{})", names_, sets_.size(),
                                                     sets_.size() == 1 ? "" : "s")
                                       : fmt::format("{} ({})", names_, rows(total));
  return feeds.rows == total ? whole : fmt::format("the first {} of {}", feeds.rows, whole);
}

Feeds Dataset::feeds(std::int64_t max_rows, std::uint64_t most_rows) const {
  const auto limit = [&](std::int64_t rows) {
    if (rows > 0) max_rows = max_rows > 0 ? std::min(max_rows, rows) : rows;
  };
  limit(most_rows_);
  limit(static_cast<std::int64_t>(most_rows));
  std::vector<Cut> cuts;
  Feeds out;
  std::uint64_t total = 0;
  bool full = false;
  for (const Set& set : sets_) {
    Cut cut(inputs_, set.whole, max_rows, set.label);
    total += cut.rows();
    for (std::size_t i = 0; i < cut.size() && !full; ++i) {
      const std::uint64_t rows = cut.rows_of_feed(i);
      full = most_rows > 0 && out.count > 0 && out.rows + rows > most_rows;
      if (full) break;
      out.rows += rows;
      ++out.count;
    }
    cuts.push_back(std::move(cut));
  }
  out.make = [cuts = std::move(cuts)](std::size_t i) {
    for (const Cut& cut : cuts) {
      if (i < cut.size()) return cut.feed(i);
      i -= cut.size();
    }
    return Feed{};
  };
  out.description = describe(out, total);
  if (out.count > 0) out.batch = rows_of(out.at(0));
  return out;
}

std::int64_t rows_of(const Feed& feed) {
  for (const base::NamedTensor& input : feed) {
    if (!input.tensor.dims.empty()) return input.tensor.dims[0];
  }
  return 1;
}

Feeds make_feeds(const Specs& specs, const octet::DataOptions& options, std::int64_t max_rows) {
  if (is_given(options)) return Dataset(specs, options).feeds(max_rows);
  Feeds out;
  auto feed = std::make_shared<const Feed>(generate(specs, options));
  out.count = 1;
  out.description = fmt::format("seeded inputs (seed {})", options.seed);
  out.batch = rows_of(*feed);
  out.rows = static_cast<std::uint64_t>(out.batch);
  out.make = [feed](std::size_t) { return *feed; };
  return out;
}

}  // namespace octet::data
