// The work a node does at one run, as far as its time depends on it: what cost::Costs is asked
// about. Plain numbers; nothing here knows a model.
#pragma once

#include <cstdint>

namespace octet::cost {

// [rows, k] x constant [k, n], with a bias. In INT8: one DynamicQuantizeMatMul.
struct Product {
  std::int64_t k = 0;
  std::int64_t n = 0;
  std::int64_t rows = 0;  // of one run, all leading dimensions multiplied; 0: unknown
};

// A convolution. In INT8: channels-last, quantized, one Gather as im2col, one product
// (docs/costs.md); of several groups, or cut into bands of rows, a Gather and a product for each.
// `positions` and the kernel are of any rank, multiplied out.
struct Convolution {
  std::int64_t batch = 1;
  std::int64_t channels_in = 0;  // of all groups, as channels_out
  std::int64_t channels_out = 0;
  std::int64_t positions_in = 0;   // H·W
  std::int64_t positions_out = 0;  // Ho·Wo
  std::int64_t kernel = 1;         // kh·kw
  std::int64_t stride = 1;         // sh·sw: a 1x1 kernel of stride 1 needs no Gather
  std::int64_t axes = 2;           // of a position: only pictures have kernels of their own
  std::int64_t groups = 1;
  std::int64_t bands = 1;
  bool gathers_floats = false;  // which are quantized behind the Gather, as often as they are read
  bool computes_index = false;  // sizes are known only when the model runs
  // Floats that INT8 moves between layouts: the input, the output, those whose Transposes no
  // neighbour cancels.
  double turned = 0;
};

// Rows of a constant table. In INT8: the int8 rows and their scales are gathered, cast, multiplied.
struct Lookup {
  std::int64_t columns = 0;
  std::int64_t ids = 0;  // of one run; 0: unknown
};

// One LSTM node. In INT8: one DynamicQuantizeLSTM.
struct Lstm {
  std::int64_t input = 0;
  std::int64_t hidden = 0;
  std::int64_t steps = 0;  // of one run; 0: unknown
  std::int64_t batch = 1;
  std::int64_t directions = 1;
};

}  // namespace octet::cost
