// Carries a layout out: copies and computes every byte of the output, in parallel.
#pragma once

#include <functional>
#include <span>

#include "graph/layout.hpp"

namespace octet::graph {

struct FillOptions {
  unsigned threads = 0;
  // Called with bytes done and in all, one call at a time; false: stop with Error{cancelled}.
  std::function<bool(std::uint64_t done, std::uint64_t total)> progress;
  // Called when a range of the output is complete and may leave memory.
  std::function<void(std::span<std::byte>)> release;
};

// `model` and `data` have exactly the layout's sizes and start as zeroes. The bytes written depend
// on layout and weights alone, never on the number of threads.
void fill(const Overlay& overlay, const Layout& layout, std::span<std::byte> model,
          std::span<std::byte> data, const FillOptions& options);

}  // namespace octet::graph
