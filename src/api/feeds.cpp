#include "api/feeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "measure/batches.hpp"
#include "octet/error.hpp"

namespace octet::api {
namespace {

constexpr std::uint64_t wanted_rows = 32;
constexpr std::size_t most_feeds = 20;
constexpr std::int64_t seeded_batch = 8;

std::uint64_t rows_of(const data::Feed& feed) {
  for (const base::NamedTensor& input : feed) {
    if (!input.tensor.dims.empty()) return static_cast<std::uint64_t>(input.tensor.dims[0]);
  }
  return 1;
}

// A dynamic first dimension need not be a batch: some models take one row whatever they declare.
bool runs(const runtime::Session& session, const data::Feed& feed) {
  try {
    (void)session.run(feed);
    return true;
  } catch (const Error& error) {
    if (error.stops()) throw;
    return false;
  }
}

// In the order of trying. All dimensions alike first: two of them are often one that has no name.
constexpr std::array<std::int64_t, 8> sizes = {16, 1, 2, 64, 256, 512, 1024, 224};
constexpr std::size_t most_tries = 600;
constexpr std::chrono::seconds longest_search{10};

std::vector<std::map<std::string, std::int64_t>> guesses(const std::vector<std::string>& keys) {
  std::vector<std::map<std::string, std::int64_t>> out;
  for (const std::int64_t size : sizes) {
    std::map<std::string, std::int64_t> alike;
    for (const std::string& key : keys) alike[key] = size;
    out.push_back(std::move(alike));
  }
  std::size_t combinations = 1;
  for (std::size_t i = 0; i < keys.size() && combinations < most_tries; ++i) {
    combinations *= sizes.size();
  }
  for (std::size_t n = 0; n < std::min(combinations, most_tries); ++n) {
    std::map<std::string, std::int64_t> mixed;
    std::size_t rest = n;
    for (const std::string& key : keys) {
      mixed[key] = sizes[rest % sizes.size()];
      rest /= sizes.size();
    }
    out.push_back(std::move(mixed));
  }
  return out;
}

}  // namespace

std::optional<octet::DataOptions> runnable_dims(const runtime::Session& session,
                                                const std::vector<data::InputSpec>& specs,
                                                const octet::DataOptions& options) {
  if (!options.files.empty()) return options;
  const std::vector<std::string> keys = data::guessed_dims(specs, options.dims);
  if (runs(session, data::generate(specs, options))) return options;
  if (keys.empty()) return std::nullopt;
  const auto start = std::chrono::steady_clock::now();
  for (auto& guess : guesses(keys)) {
    if (std::chrono::steady_clock::now() - start > longest_search) break;
    octet::DataOptions tried = options;
    tried.dims.merge(guess);
    if (runs(session, data::generate(specs, tried))) return tried;
  }
  return std::nullopt;
}

std::string seeded_text(const octet::DataOptions& options) {
  std::string out = fmt::format("seeded inputs (seed {}", options.seed);
  for (const auto& [key, size] : options.dims) out += fmt::format(", {} = {}", key, size);
  return out + ")";
}

data::Feeds judging_feeds(const runtime::Session& session,
                          const std::vector<data::InputSpec>& specs,
                          const octet::DataOptions& given) {
  if (!given.files.empty()) return data::make_feeds(specs, given);
  const octet::DataOptions options = runnable_dims(session, specs, given).value_or(given);
  std::optional<std::int64_t> batch;
  if (given.dims.empty() && measure::has_dynamic_batch(specs)) batch = seeded_batch;
  if (batch && !runs(session, data::generate(specs, options, batch))) batch.reset();
  data::Feeds out;
  octet::DataOptions seeded = options;
  while (out.rows < wanted_rows && out.feeds.size() < most_feeds) {
    out.feeds.push_back(data::generate(specs, seeded, batch));
    out.rows += std::max<std::uint64_t>(1, rows_of(out.feeds.back()));
    ++seeded.seed;
  }
  out.description = seeded_text(options);
  out.description.insert(out.description.size() - 1, fmt::format(", {} rows", out.rows));
  return out;
}

}  // namespace octet::api
