// A convolution with a constant weight, and what belongs to it, as one product of gathered rows.
#pragma once

#include <optional>

#include "cost/work.hpp"
#include "forms/form.hpp"
#include "forms/fused_conv.hpp"

namespace octet::forms {

// How the window slides along one axis behind the first two.
struct Slide {
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad_begin = 0;
  std::int64_t pad_end = 0;
  std::int64_t size = 0;  // of the input; 0: not known before the model runs

  // From the first tap to the last.
  [[nodiscard]] std::int64_t reach() const { return (kernel - 1) * dilation + 1; }
  [[nodiscard]] std::int64_t padded() const { return size + pad_begin + pad_end; }
  // Of a known size.
  [[nodiscard]] std::int64_t size_out() const {
    return padded() < reach() ? 0 : (padded() - reach()) / stride + 1;
  }
  [[nodiscard]] bool is_point() const {
    return kernel == 1 && stride == 1 && pad_begin == 0 && pad_end == 0;
  }
};

struct ConvOperands {
  graph::ConstantId weight = graph::none;
  View view;  // [taps, channels in of one group, channels out of all]
  std::vector<Slide> axes;
  graph::ValueId input = graph::none;
  graph::ValueId bias = graph::none;
  graph::NodeId norm = graph::none;  // the BatchNormalization that becomes part of it
  std::int64_t groups = 1;
  graph::ValueId addend = graph::none;  // of a FusedConv: added to the result, then the activation
  Activation activation;

  [[nodiscard]] std::int64_t taps() const { return view.dims[0]; }
  [[nodiscard]] std::int64_t channels_of_group() const { return view.dims[1]; }
  [[nodiscard]] std::int64_t channels_in() const { return groups * view.dims[1]; }
  [[nodiscard]] std::int64_t channels_out() const { return view.dims[2]; }
  // Every position reads its own row alone.
  [[nodiscard]] bool is_point() const;
  [[nodiscard]] bool is_padded() const;
  // Every size behind the first two is known.
  [[nodiscard]] bool is_sized() const;
};

// nullopt for another operator, for a weight that is computed, for groups of one channel, and for
// attributes that do not fit; `why` says which.
[[nodiscard]] std::optional<ConvOperands> conv_operands(const Survey& survey, graph::NodeId node,
                                                        Refusal& why);

// What its cost is asked with. Axes of unknown size have `positions` together, a batch of unknown
// size counts as one.
[[nodiscard]] cost::Convolution conv_work(const Survey& survey, const ConvOperands& operands,
                                          std::int64_t positions);
// In how many bands of rows it is computed: more than one where what it gathers is twice what a
// core's cache holds. 1 where sizes are not known.
[[nodiscard]] std::int64_t bands_of(const Survey& survey, const ConvOperands& operands);
// Every size is known that its cost depends on.
[[nodiscard]] bool has_likely_sizes(const Survey& survey, const ConvOperands& operands);

}  // namespace octet::forms
