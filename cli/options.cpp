#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>

#include "field_options.hpp"
#include "limits.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"
#include "octet/files.hpp"

namespace octet::cli {
namespace {

template <typename... Parts>
struct Overloaded : Parts... {
  using Parts::operator()...;
};

// "QInt8", "INT8" and "int8" are one.
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string weight_type(std::string text) {
  text = lower(std::move(text));
  return text == "qint8" || text == "quint8" ? text.substr(1) : text;
}

}  // namespace

void DataArguments::add_to(CLI::App& app) {
  const std::string group = "Data";
  octet::DataOptions named;  // its values come as words
  visit_fields(named, Overloaded{[&](const Field& field, std::vector<std::filesystem::path>&) {
                                   add_field(app, field, files, group);
                                 },
                                 [&](const Field& field, std::map<std::string, std::int64_t>&) {
                                   add_field(app, field, dims, group);
                                 },
                                 [&](const Field& field, std::uint64_t&) {
                                   add_field(app, field, seed, group);
                                 },
                                 [](const Field&, std::vector<octet::Array>&) {}});
}

octet::DataOptions DataArguments::finish() const {
  octet::DataOptions out;
  out.files.assign(files.begin(), files.end());
  out.seed = seed;
  for (const std::string& dim : dims) {
    const std::size_t equals = dim.rfind('=');
    std::int64_t size = 0;
    const char* end = dim.data() + dim.size();
    const bool good = equals != std::string::npos && equals != 0 &&
                      std::from_chars(dim.data() + equals + 1, end, size).ptr == end && size > 0;
    if (!good) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("--dim {}: write a name and a size, like --dim seq=64", dim));
    }
    out.dims[dim.substr(0, equals)] = size;
  }
  return out;
}

void RuntimeArguments::add_to(CLI::App& app, bool with_threads) {
  const std::string group = "Runtime";
  octet::RuntimeOptions named;
  visit_fields(named, Overloaded{[&](const Field& field, std::filesystem::path&) {
                                   if (field.help != nullptr) add_field(app, field, library, group);
                                 },
                                 [&](const Field& field, unsigned&) {
                                   if (with_threads) add_field(app, field, threads, group);
                                 },
                                 [](const Field&, auto&) {}});
}

octet::RuntimeOptions RuntimeArguments::finish(const Environment& environment) const {
  octet::RuntimeOptions out;
  out.library = library;
  out.environment_library = environment.ort;
  out.fallbacks = environment.ort_fallbacks;
  out.threads = bounded_threads(threads);
  out.timeout_seconds = environment.limits.timeout_seconds;
  return out;
}

void PlanArguments::add_to(CLI::App& app) {
  const std::string group = plan_group;
  visit_fields(options, Overloaded{[&](const Field& field, auto& value) {
                                     add_field(app, field, value, group);
                                   },
                                   [&](const Field& field, std::string& value) {
                                     // The library takes the table, the program its file.
                                     const bool file = &value == &options.costs;
                                     add_field(app, field, file ? costs : value, group);
                                   }});
  app.get_option("--weight-type")->transform(weight_type);
  app.get_option("--target")->transform(lower);
  app.add_flag_callback(
         "--per-channel", [] {}, "A scale for every column (the default; costs nothing)")
      ->excludes("--per-tensor")
      ->group(group);
}

namespace {

// "@layers.txt" stands for the selectors in it, one a line; what follows a tab and a # is not read.
std::vector<std::string> with_files(const std::vector<std::string>& selectors) {
  std::vector<std::string> out;
  for (const std::string& selector : selectors) {
    if (!selector.starts_with('@')) {
      out.push_back(selector);
      continue;
    }
    std::istringstream lines(octet::read_text(selector.substr(1)));
    for (std::string line; std::getline(lines, line);) {
      if (const std::size_t comment = line.find("\t#"); comment != std::string::npos)
        line.resize(comment);
      const std::size_t first = line.find_first_not_of(" \t\r");
      if (first == std::string::npos || line[first] == '#') continue;
      out.push_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
    }
  }
  return out;
}

}  // namespace

octet::PlanOptions PlanArguments::finish() const {
  octet::PlanOptions out = options;
  for (std::vector<std::string>* selectors :
       {&out.include, &out.exclude, &out.weight_only, &out.float16})
    *selectors = with_files(*selectors);
  if (!costs.empty()) out.costs = read_text(costs);
  return out;
}

}  // namespace octet::cli
