#include "api/feeds.hpp"

#include <fmt/format.h>

#include <algorithm>
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
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

data::Feeds judging_feeds(const runtime::Session& session,
                          const std::vector<data::InputSpec>& specs,
                          const octet::DataOptions& options) {
  if (!options.files.empty()) return data::make_feeds(specs, options);
  std::optional<std::int64_t> batch;
  if (options.dims.empty() && measure::has_dynamic_batch(specs)) batch = seeded_batch;
  if (batch && !runs(session, data::generate(specs, options, batch))) batch.reset();
  data::Feeds out;
  octet::DataOptions seeded = options;
  while (out.rows < wanted_rows && out.feeds.size() < most_feeds) {
    out.feeds.push_back(data::generate(specs, seeded, batch));
    out.rows += std::max<std::uint64_t>(1, rows_of(out.feeds.back()));
    ++seeded.seed;
  }
  out.description = fmt::format("seeded inputs (seed {}, {} rows)", options.seed, out.rows);
  return out;
}

}  // namespace octet::api
