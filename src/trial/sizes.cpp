#include "trial/sizes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "data/dims.hpp"
#include "data/inputs.hpp"
#include "graph/input_dims.hpp"
#include "trial/batches.hpp"

namespace octet::trial {
namespace {

constexpr std::size_t most_tries = 600;
constexpr std::chrono::seconds longest_search{10};
constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20U;

using Sizes = std::vector<std::int64_t>;

// In the order of trying: what is most likely to mean something first.
const Sizes pixels = {224, 256, 320, 640, 64, 48, 32, 16, 512, 1024, 1, 2};
const Sizes channels = {3, 1, 4, 16, 64};
const Sizes tokens = {16, 32, 64, 1, 2, 128, 8, 256, 512};
const Sizes others = {16, 1, 2, 64, 256, 512, 1024, 224, 2048, 4096, 16000};

// One dimension to be chosen, wherever its name stands.
struct Unknown {
  std::string key;  // of octet::DataOptions::dims
  Sizes sizes;      // in the order of trying
};

bool is_channels(std::int64_t dim) {
  return dim == 1 || dim == 3 || dim == 4;
}

// The axis of an image's channels: the one whose size says so, else the one after the batch.
std::size_t channel_axis(const base::Port& port) {
  return is_channels(port.dims[3]) && !is_channels(port.dims[1]) ? 3 : 1;
}

const Sizes& sizes_for(const base::Port& port, std::size_t axis) {
  if (!base::is_floating(port.type) && port.type != base::ElementType::uint8) return tokens;
  if (port.dims.size() != 4) return others;
  const bool image = std::ranges::any_of(port.dims, is_channels) || port.dims[1] < 0;
  if (!image) return others;
  return axis == channel_axis(port) ? channels : pixels;
}

Sizes candidates(const std::vector<base::Port>& inputs, const std::string& key) {
  Sizes out;
  for (const base::Port& port : inputs) {
    for (std::size_t axis = 0; axis < port.dims.size(); ++axis) {
      const std::string symbol = data::symbol_of(port, axis);
      const std::string name = symbol.empty() ? fmt::format("{}:{}", port.name, axis) : symbol;
      if (port.dims[axis] >= 0 || name != key) continue;
      if (axis < port.wanted.size() && port.wanted[axis] > 0) return {port.wanted[axis]};
      if (out.empty() || out == others) out = sizes_for(port, axis);
    }
  }
  return out.empty() ? others : out;
}

// "past + length" is not chosen: it follows.
bool is_sum(const std::string& key) {
  return graph::terms_of(key).size() > 1;
}

std::vector<Unknown> unknowns(const std::vector<base::Port>& inputs,
                              const octet::DataOptions& options) {
  std::vector<Unknown> out;
  for (const std::string& key : data::guessed_dims(inputs, options.dims)) {
    if (!is_sum(key)) out.push_back({key, candidates(inputs, key)});
  }
  return out;
}

void add_sums(const std::vector<base::Port>& inputs, octet::DataOptions& options) {
  for (const std::string& key : data::guessed_dims(inputs, options.dims)) {
    if (const auto size = graph::size_of_symbol(key, options.dims)) options.dims[key] = *size;
  }
}

// In the order of trying: the likeliest; then all of the same number, because two dimensions are
// often one that has no name; then all combinations.
std::vector<std::map<std::string, std::int64_t>> guesses(const std::vector<Unknown>& unknown) {
  std::vector<std::map<std::string, std::int64_t>> out;
  const auto add = [&](const auto& size_of) {
    std::map<std::string, std::int64_t> guess;
    for (const Unknown& one : unknown) guess[one.key] = size_of(one);
    out.push_back(std::move(guess));
  };
  add([](const Unknown& one) { return one.sizes.front(); });
  for (const std::int64_t size : others) {
    add([size](const Unknown& one) { return one.sizes.size() == 1 ? one.sizes[0] : size; });
  }
  std::size_t combinations = 1;
  for (const Unknown& one : unknown) {
    combinations = std::min(most_tries, combinations * one.sizes.size());
  }
  for (std::size_t n = 0; n < combinations; ++n) {
    std::size_t rest = n;
    add([&rest](const Unknown& one) {
      const std::int64_t size = one.sizes[rest % one.sizes.size()];
      rest /= one.sizes.size();
      return size;
    });
  }
  return out;
}

}  // namespace

std::optional<octet::DataOptions> runnable_sizes(const runtime::Session& session,
                                                 const std::vector<base::Port>& inputs,
                                                 const octet::DataOptions& options) {
  const std::vector<Unknown> unknown = unknowns(inputs, options);
  if (unknown.empty()) {
    if (runs(session, data::generate(inputs, options))) return options;
    return std::nullopt;
  }
  const auto start = std::chrono::steady_clock::now();
  for (auto& guess : guesses(unknown)) {
    if (std::chrono::steady_clock::now() - start > longest_search) break;
    octet::DataOptions tried = options;
    tried.dims.merge(guess);
    add_sums(inputs, tried);
    const auto bytes = data::generated_bytes(inputs, tried);
    if (!bytes || *bytes > most_bytes) continue;
    if (runs(session, data::generate(inputs, tried))) return tried;
  }
  return std::nullopt;
}

std::string seeded_text(const octet::DataOptions& options) {
  std::string out = fmt::format("seeded inputs (seed {}", options.seed);
  for (const auto& [key, size] : options.dims) out += fmt::format(", {} = {}", key, size);
  return out + ")";
}

}  // namespace octet::trial
