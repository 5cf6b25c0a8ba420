// The elements of a weight as float32, whatever they lie as.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "graph/graph.hpp"

namespace octet::forms {

// Converts `count` elements to float32, as a Cast at run time does (docs/numerics.md); `from` may
// be misaligned. The type is float16, bfloat16, float32 or float64.
void to_floats(base::ElementType type, const std::byte* from, std::size_t count, float* to);

// For the shards of a fill, from any thread. float32 elements are read where they lie; others are
// converted when the first shard asks, and held until the last one is done.
class WeightFloats {
 public:
  // The bytes must outlive it.
  WeightFloats(base::ElementType type, onnx::Bytes elements, std::size_t shards)
      : type_(type), elements_(elements), left_(shards) {}

  [[nodiscard]] const float* get();
  void done();  // once a shard

 private:
  base::ElementType type_;
  onnx::Bytes elements_;
  std::atomic<std::size_t> left_;
  std::once_flag once_;
  std::vector<float> converted_;
};

}  // namespace octet::forms
