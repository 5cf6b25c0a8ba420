// Which weights are worth storing small, and how. The limits are about bytes and rounding, not
// about time, and hold on every CPU; times are in src/cost.
#include "forms/stored.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "forms/fused_conv.hpp"
#include "forms/weight_slots.hpp"
#include "quant/float16.hpp"

namespace octet::forms {
namespace {

using graph::none;
using quant::Axes;
using quant::Encoding;
using quant::Kind;

// Two nodes and a scale cost 200–300 bytes of file and a fold at load.
constexpr std::uint64_t min_bytes = 4 * 1024;
// Below, float16 costs a few KB more and rounds about thirty times finer: on a detector of small
// convolutions, 0.008 of the largest answer instead of 0.28.
constexpr std::uint64_t min_int8_bytes = 32 * 1024;
// Weights per scale from which int8 is taken: a scale is four bytes.
constexpr std::uint64_t min_per_scale = 32;

constexpr std::int64_t cast_opset = 6;  // Cast takes the type as a number
constexpr std::int64_t mul_opset = 7;   // Mul broadcasts as in numpy

const onnx::NodeView& view_of(const Survey& survey, const Place& place) {
  return survey.graph().node(place.node).view;
}

// The channels of the weight as it lies; the last axis when they are no axes there, or when the
// operand has none.
Axes stored_axes(const Survey& survey, const Place& place, const View& lies) {
  const auto seen = channel_axes(view_of(survey, place), place.slot, place.source.view);
  const auto axes = seen ? same_channels(place.source.view, *seen, lies) : std::nullopt;
  const std::size_t rank = lies.dims.size();
  return axes.value_or(Axes{rank == 0 ? 0 : rank - 1, rank});
}

// int8 saves a quarter of the float over float16 and costs about thirty times its rounding error.
bool int8_is_worth_it(const onnx::TensorView& tensor, const View& view, Axes axes) {
  std::uint64_t channels = 1;
  for (std::size_t a = axes.first; a < axes.last; ++a)
    channels *= static_cast<std::uint64_t>(view.dims[a]);
  return tensor.size_bytes() >= min_int8_bytes && tensor.elements / channels >= min_per_scale;
}

}  // namespace

std::optional<Need> stored_as(const Survey& survey, const Place& place, const Encoding& encoding,
                              Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const auto refuse = [&](std::string reason, std::string detail) {
    why = {std::move(reason), std::move(detail)};
    return std::nullopt;
  };
  if (place.source.constant == none)
    return refuse("not_constant", "the weight is computed while the model runs");
  const graph::Constant& constant = graph.constant(place.source.constant);
  if (graph.scope(constant.scope).kind == graph::Scope::Kind::function)
    return refuse("in_function", "weights inside model-local functions stay as they are");
  if (place.source.seen != base::ElementType::float32) {
    return refuse("type", fmt::format("{} weights are not quantized by this version; export the "
                                      "model in float32",
                                      base::element_name(place.source.seen)));
  }
  if (auto fault = quant::contradiction(encoding)) return refuse("storage", *fault);
  const bool is_half = place.source.stored == base::ElementType::float16 ||
                       place.source.stored == base::ElementType::bfloat16;
  if (encoding.kind == Kind::float16 && is_half)
    return refuse("half", fmt::format("{} is half of a float already",
                                      base::element_name(place.source.stored)));
  if (encoding.kind == Kind::float32) return refuse("storage", "float32 is how it lies already");
  if (constant.tensor.dims.size() < 2 && encoding.granularity == quant::Granularity::per_channel)
    return refuse("storage", "a vector has no channels; per_tensor is right");
  const std::int64_t opset = graph.model().opset("");
  if (opset < (encoding.kind == Kind::float16 ? cast_opset : mul_opset))
    return refuse("opset", fmt::format("opset {} cannot give the float back (7 can)", opset));
  if (4 * constant.tensor.elements > cost::most_folded_bytes) {
    return refuse("huge", fmt::format("{} bytes as float; ONNX Runtime folds up to {} and would "
                                      "compute larger ones again at every run",
                                      4 * constant.tensor.elements, cost::most_folded_bytes));
  }
  Need need;
  need.slot = place.slot;
  need.constant = place.source.constant;
  need.view = View::of(constant.tensor.dims);
  need.axes = stored_axes(survey, place, need.view);
  need.encoding = encoding;
  need.any = true;
  return need;
}

std::optional<Need> storage_for(const Survey& survey, const Place& place, const StorageWish& wish,
                                Refusal& why) {
  if (place.source.constant == none) {
    why = {"not_constant", "the weight is computed while the model runs"};
    return std::nullopt;
  }
  if (wish.kind == Kind::float32) {
    why = {"storage", "weights of float arithmetic keep float storage on request"};
    return std::nullopt;
  }
  const onnx::NodeView& node = view_of(survey, place);
  const onnx::TensorView& tensor = survey.graph().constant(place.source.constant).tensor;
  if (tensor.size_bytes() < min_bytes) {
    why = {"tiny",
           fmt::format("{} bytes, storing small pays from {}", tensor.size_bytes(), min_bytes)};
    return std::nullopt;
  }
  const auto axes = channel_axes(node, place.slot, place.source.view);
  if (!axes && !tolerates_float16(node)) {
    why = {"operand", fmt::format("{} may need every bit of this operand", op_name(node))};
    return std::nullopt;
  }
  const auto long_axes =
      std::count_if(tensor.dims.begin(), tensor.dims.end(), [](std::int64_t d) { return d > 1; });
  if (!axes && long_axes < 2) {
    why = {"vector",
           "a bias or another vector: little to save, and its bits count in every output"};
    return std::nullopt;
  }
  const bool int8 =
      axes && wish.kind == Kind::int8 && int8_is_worth_it(tensor, place.source.view, *axes);
  return stored_as(
      survey, place,
      int8 ? Encoding{Kind::int8, quant::Range::full, wish.granularity} : quant::float16_encoding,
      why);
}

std::optional<Refusal> numbers_against(const Survey& survey, const Need& need) {
  const Facts facts = survey.facts(need.constant);
  if (!facts.finite)
    return Refusal{"not_finite", "the weight holds NaN or infinity; repair it in training"};
  if (need.encoding.kind == Kind::float16 && !(facts.max_abs < quant::float16_overflow))
    return Refusal{"range", fmt::format("values up to {} do not fit float16", facts.max_abs)};
  return std::nullopt;
}

Refusal why_kept(const Survey& survey, const Place& place) {
  const onnx::NodeView& node = view_of(survey, place);
  if (!channel_axes(node, place.slot, place.source.view)) {
    return {"operand", fmt::format("an operand of {}, not a weight with channels", node.op_type)};
  }
  if (is_depthwise(node, place.slot, place.source.view))
    return {"depthwise", "depthwise convolutions are slower in INT8"};
  if (node.is("Gather")) return {"table", "looking up float rows costs least in this model"};
  if (is_convolution(node)) return {"conv", "this convolution has no faster INT8 form"};
  return {"storage_only", fmt::format("{} has no faster INT8 form", node.op_type)};
}

}  // namespace octet::forms
