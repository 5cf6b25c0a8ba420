#include "trial/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "data/dims.hpp"
#include "data/take_rows.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"
#include "trial/batches.hpp"
#include "trial/sizes.hpp"

namespace octet::trial {
namespace {

constexpr std::int64_t seeded_rows = 64;
constexpr std::size_t most_seeded_feeds = 20;
constexpr std::uint64_t most_seeded_bytes = std::uint64_t{64} << 20U;
constexpr std::int64_t rows_to_try = 4;
constexpr std::int64_t rows_to_couple = 32;
// What float arithmetic in another order may change.
constexpr double rounding = 1e-3;

Settings checked(Settings settings) {
  if (settings.batch < 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("--batch is {}; give 0 or more rows", settings.batch));
  }
  return settings;
}

std::uint64_t bytes_of(const Outputs& outputs) {
  std::uint64_t out = 0;
  for (const base::NamedTensor& output : outputs) {
    out += output.tensor.bytes.size();
    for (const std::string& text : output.tensor.strings) out += sizeof text + text.size();
  }
  return out;
}

std::int64_t seeds_wanted(const std::vector<base::Port>& inputs) {
  constexpr std::size_t most = 4;
  std::size_t out = 1;
  for (const base::Port& input : inputs)
    out = std::max(out, input.values.size() + (input.type == base::ElementType::boolean ? 0U : 1U));
  return static_cast<std::int64_t>(std::min(most, out));
}

std::vector<data::Feed> all_of(const data::Feeds& feeds) {
  std::vector<data::Feed> out;
  for (std::size_t i = 0; i < feeds.count; ++i) out.push_back(feeds.at(i));
  return out;
}

}  // namespace

Trial::Trial(runtime::Session reference, std::vector<base::Port> inputs, Settings settings)
    : reference_(std::move(reference)),
      inputs_(std::move(inputs)),
      settings_(checked(std::move(settings))),
      dataset_(data::is_given(settings_.data) ? data::Dataset(inputs_, settings_.data) : seeded()) {
  if (settings_.batch > 0 || !dataset_->has_free_rows()) {
    feeds_ = dataset_->feeds(settings_.batch, settings_.most_rows);
  } else if (rows_stand_alone()) {
    feeds_ = dataset_->feeds(1, settings_.most_rows);
  } else {
    rows_depend_ = true;
    feeds_ = dataset_->feeds(0, settings_.most_rows);
  }
  if (feeds_.count == 0) {
    throw Error(ErrorCode::invalid_data, "the data has no rows; give at least one with --data");
  }
  kept_.resize(feeds_.count);
}

// Rows of one seed where the model takes any number of them, else feeds with a seed each, counted
// up.
data::Dataset Trial::seeded() {
  const auto found = runnable_sizes(reference_, inputs_, settings_.data);
  sizes_known_ = found.has_value();
  octet::DataOptions options = found.value_or(settings_.data);
  settings_.data = options;
  const std::string text = seeded_text(options);
  if (data::has_dynamic_batch(data::fix_dims(inputs_, options.dims))) {
    const auto row_bytes = data::generated_bytes(inputs_, options, 1).value_or(most_seeded_bytes);
    const auto fit =
        static_cast<std::int64_t>(most_seeded_bytes / std::max<std::uint64_t>(1, row_bytes));
    // A seed for each of the values that an input is compared with.
    const std::int64_t seeds = seeds_wanted(inputs_);
    const std::int64_t rows = std::clamp<std::int64_t>(fit, 1, seeded_rows / seeds);
    std::vector<data::Feed> feeds;
    for (std::int64_t s = 0; s < seeds; ++s) {
      feeds.push_back(data::generate(inputs_, options, rows));
      ++options.seed;
    }
    return {inputs_, std::move(feeds), text};
  }
  std::vector<data::Feed> feeds;
  std::int64_t rows = 0;
  std::uint64_t bytes = 0;
  const std::uint64_t each = data::generated_bytes(inputs_, options).value_or(most_seeded_bytes);
  while (feeds.empty() || (rows < seeded_rows && feeds.size() < most_seeded_feeds &&
                           bytes + each <= most_seeded_bytes)) {
    feeds.push_back(data::generate(inputs_, options));
    rows += std::max<std::int64_t>(1, data::rows_of(feeds.back()));
    bytes += each;
    ++options.seed;
  }
  return {data::fix_dims(inputs_, options.dims), std::move(feeds), text};
}

// Tried on a few rows: fed together and one at a time the model gives each row the same answer, or
// it takes one at a time only.
bool Trial::rows_stand_alone() const {
  const data::Feeds few = dataset_->feeds(rows_to_try, rows_to_try);
  if (few.batch <= 1) return true;
  ask(0);
  if (!runs(reference_, few.at(0))) return runs(reference_, dataset_->feeds(1, 1).at(0));
  const auto apart =
      together_and_apart(reference_, few.at(0), all_of(dataset_->feeds(1, rows_to_try)));
  if (!apart) return false;
  return !settings_.trusted || apart->max_abs_diff <= rounding * std::max(1.0, apart->max_abs);
}

void Trial::ask(std::size_t done) const {
  measure::report(settings_.progress, settings_.stage, done, feeds_.count);
}

std::uint64_t Trial::rows_of(std::size_t i) const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, data::rows_of(feed(i))));
}

std::shared_ptr<const Outputs> Trial::answers(std::size_t i) {
  if (kept_.at(i)) return kept_[i];
  ask(i);
  auto outputs = std::make_shared<const Outputs>(reference_.run(feed(i)));
  const std::uint64_t bytes = bytes_of(*outputs);
  if (kept_bytes_ + bytes <= settings_.keep_bytes) {
    kept_[i] = outputs;
    kept_bytes_ += bytes;
  }
  return outputs;
}

Outputs Trial::run(const runtime::Session& candidate, std::size_t i) const {
  ask(i);
  return candidate.run(suited_to(candidate, feed(i)));
}

data::Feed Trial::feed_of(std::int64_t batch) const {
  const data::Feeds whole = dataset_->feeds(batch, static_cast<std::uint64_t>(batch));
  return dataset_->has_free_rows() ? data::take_rows(whole.at(0), inputs_, batch) : whole.at(0);
}

std::optional<Trial::Coupling> Trial::coupling(const runtime::Session& candidate) const {
  if (!dataset_->has_free_rows() || rows_depend_) return std::nullopt;
  const data::Feeds together = dataset_->feeds(rows_to_couple, rows_to_couple);
  if (together.batch <= batch()) return std::nullopt;
  ask(feeds_.count);
  const auto apart = together_and_apart(candidate, together.at(0),
                                        all_of(dataset_->feeds(batch(), rows_to_couple)));
  if (!apart) return std::nullopt;
  return Coupling{together.batch, apart->max_abs_diff};
}

data::Feed suited_to(const runtime::Session& session, data::Feed feed) {
  std::erase_if(feed, [&](const base::NamedTensor& tensor) {
    return std::ranges::none_of(session.inputs(),
                                [&](const base::Port& port) { return port.name == tensor.name; });
  });
  return feed;
}

}  // namespace octet::trial
