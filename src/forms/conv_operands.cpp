#include "forms/conv_operands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cost/formula.hpp"

#include "forms/normalization.hpp"
#include "forms/products.hpp"
#include "forms/readers.hpp"

namespace octet::forms {
namespace {

using graph::none;
using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t largest = std::int64_t{1} << 24;  // of anything an attribute says

// A Gather and a product each: far fewer pay.
constexpr std::int64_t most_groups = 64;
constexpr std::uint64_t most_bands = 64;
constexpr std::int64_t most_rows = (std::int64_t{1} << 31) - 1;

// An attribute's list; `count` times `otherwise` where it is left out. nullopt when it has another
// length, or a number below `least`.
std::optional<Numbers> list(const onnx::NodeView& node, std::string_view name, std::size_t count,
                            std::int64_t otherwise, std::int64_t least) {
  const onnx::AttributeView* attribute = node.attribute(name);
  if (attribute == nullptr) return Numbers(count, otherwise);
  Numbers out = attribute->ints();
  const bool sane = std::all_of(out.begin(), out.end(),
                                [&](std::int64_t n) { return n >= least && n <= largest; });
  return sane && out.size() == count ? std::optional(std::move(out)) : std::nullopt;
}

// SAME_*: as much padding as gives ceil(size / stride), the odd one at the end (UPPER) or the
// beginning. nullopt when that depends on a size nobody knows.
bool pad_same(Slide& slide, bool upper) {
  if (slide.size == 0 && slide.stride != 1) return false;
  const std::int64_t out = slide.size == 0 ? 0 : (slide.size + slide.stride - 1) / slide.stride;
  const std::int64_t total =
      slide.size == 0
          ? slide.reach() - 1
          : std::max<std::int64_t>((out - 1) * slide.stride + slide.reach() - slide.size, 0);
  slide.pad_begin = upper ? total / 2 : total - total / 2;
  slide.pad_end = total - slide.pad_begin;
  return true;
}

// nullopt when the attributes do not fit the weight, or padding depends on unknown sizes.
std::optional<std::vector<Slide>> slides(const onnx::NodeView& node, const Numbers& kernel,
                                         const Numbers& sizes) {
  const std::size_t count = kernel.size();
  const auto strides = list(node, "strides", count, 1, 1);
  const auto dilations = list(node, "dilations", count, 1, 1);
  const auto pads = list(node, "pads", 2 * count, 0, 0);
  const auto shape = list(node, "kernel_shape", count, 0, 1);
  if (!strides || !dilations || !pads || !shape) return std::nullopt;
  if (node.attribute("kernel_shape") != nullptr && *shape != kernel) return std::nullopt;
  const onnx::AttributeView* automatic = node.attribute("auto_pad");
  const std::string_view mode = automatic == nullptr ? "NOTSET" : automatic->s;
  std::vector<Slide> out;
  std::int64_t rows = 1;  // of the padded picture, and of the output: counted in 32 bits
  std::int64_t positions = 1;
  for (std::size_t a = 0; a < count; ++a) {
    Slide slide{kernel[a], (*strides)[a], (*dilations)[a], 0, 0, sizes[a]};
    if (mode.starts_with("SAME")) {
      if (!pad_same(slide, mode == "SAME_UPPER")) return std::nullopt;
    } else if (mode != "VALID") {
      slide.pad_begin = (*pads)[a];
      slide.pad_end = (*pads)[count + a];
    }
    if (slide.size > largest || slide.padded() > largest) return std::nullopt;
    if (slide.size != 0 && slide.size_out() < 1) return std::nullopt;
    rows *= std::max<std::int64_t>(slide.padded(), 1);
    positions *= std::max<std::int64_t>(slide.size_out(), 1);
    if (rows > most_rows || positions > most_rows) return std::nullopt;
    out.push_back(slide);
  }
  return out;
}

// Of the axes behind the first two; 0 where nobody knows.
Numbers sizes_of(const graph::Shape* shape, std::size_t count) {
  Numbers out(count, 0);
  for (std::size_t a = 0; shape != nullptr && a < count; ++a)
    out[a] = std::max<std::int64_t>((*shape)[2 + a].size.value_or(0), 0);
  return out;
}

// [out, in, kernel …] as [taps, in, out].
std::optional<View> as_taps(const View& weight) {
  std::int64_t taps = 1;
  for (std::size_t a = 2; a < weight.dims.size(); ++a) taps *= weight.dims[a];
  const auto flat = reshaped(weight, {weight.dims[0], weight.dims[1], taps});
  return flat ? transposed(*flat, {2, 1, 0}) : std::nullopt;
}

// The BatchNormalization that alone reads the result, as ONNX Runtime folds it into a float Conv.
graph::NodeId find_norm(const graph::Graph& graph, const graph::Node& node, graph::ValueId bias,
                        std::int64_t channels) {
  const graph::NodeId id = sole_reader(graph, node.outputs[0]);
  if (id == none || graph.node(id).scope != node.scope) return none;
  if (graph.input(id, 0) != node.outputs[0]) return none;
  if (bias != none) {
    const graph::ConstantId constant = graph.value(bias).constant;
    if (constant == none || !graph.constant(constant).tensor.is_float32()) return none;
    if (graph.constant(constant).tensor.elements != static_cast<std::uint64_t>(channels))
      return none;
  }
  return normalization(graph, id, static_cast<std::size_t>(channels)) ? id : none;
}

}  // namespace

bool ConvOperands::is_point() const {
  return std::all_of(axes.begin(), axes.end(), [](const Slide& axis) { return axis.is_point(); });
}

bool ConvOperands::is_padded() const {
  return std::any_of(axes.begin(), axes.end(),
                     [](const Slide& axis) { return axis.pad_begin != 0 || axis.pad_end != 0; });
}

bool ConvOperands::is_sized() const {
  return std::all_of(axes.begin(), axes.end(), [](const Slide& axis) { return axis.size != 0; });
}

std::optional<ConvOperands> conv_operands(const Survey& survey, graph::NodeId id, Refusal& why) {
  const graph::Node& node = survey.graph().node(id);
  const auto refuse = [&](Refusal refusal) {
    why = std::move(refusal);
    return std::nullopt;
  };
  if (!is_convolution(node.view)) return refuse(not_my_operator("only Conv is computed like this"));
  const Place* place = survey.place(id, 1);
  if (place == nullptr) return refuse(not_my_operator("its second input is no weight"));
  if (place->source.constant == none)
    return refuse({"not_constant", "the weight is computed while the model runs"});
  const View& weight = place->source.view;
  const graph::Shape* shape = survey.shape(survey.graph().input(id, 0));
  const bool whole = survey.graph().input(id, 0) != none && survey.graph().sole_output(id) != none;
  if (!whole || weight.dims.size() < 3 || (shape != nullptr && shape->size() != weight.dims.size()))
    return refuse({"rank", "the weight does not have the axes of a convolution"});
  const std::int64_t groups = node.view.integer("group", 1);
  if (groups != 1 && weight.dims[1] == 1)
    return refuse({"depthwise", "depthwise is slower in INT8"});
  if (groups < 1 || groups > most_groups || weight.dims[0] % groups != 0)
    return refuse({"grouped", fmt::format("{} groups of {} channels", groups, weight.dims[1])});
  ConvOperands out;
  out.weight = place->source.constant;
  out.groups = groups;
  out.input = survey.graph().input(id, 0);
  out.bias = survey.graph().input(id, 2);
  const auto view = as_taps(weight);
  const Numbers kernel(weight.dims.begin() + 2, weight.dims.end());
  auto axes = slides(node.view, kernel, sizes_of(shape, kernel.size()));
  if (!view || !axes)
    return refuse({"window", "its strides, pads or sizes are not what this form can gather"});
  out.view = *view;
  out.axes = std::move(*axes);
  const auto activation = activation_of(node.view);
  if (!activation) return refuse({"window", "its activation is none that this form knows"});
  if (is_fused_convolution(node.view)) {
    out.addend = survey.graph().input(id, 3);
    out.activation = *activation;
  } else {
    out.norm = find_norm(survey.graph(), node, out.bias, out.channels_out());
  }
  return out;
}

std::int64_t bands_of(const Survey& survey, const ConvOperands& operands) {
  if (operands.is_point() || !operands.is_sized()) return 1;
  const std::uint64_t bytes = cost::gathered_bytes(conv_work(survey, operands, 1)) /
                              static_cast<std::uint64_t>(operands.groups);
  const std::uint64_t most = cost::cached_gathered_bytes;
  if (bytes <= 2 * most) return 1;
  const auto rows = static_cast<std::uint64_t>(operands.axes.front().size_out());
  return static_cast<std::int64_t>(std::min({(bytes + most - 1) / most, rows, most_bands}));
}

bool has_likely_sizes(const Survey& survey, const ConvOperands& operands) {
  const Numbers sizes = sizes_of(survey.likely_shape(operands.input), operands.axes.size());
  return std::find(sizes.begin(), sizes.end(), 0) == sizes.end();
}

cost::Convolution conv_work(const Survey& survey, const ConvOperands& operands,
                            std::int64_t positions) {
  const graph::Shape* shape = survey.likely_shape(operands.input);
  const Numbers sizes = sizes_of(shape, operands.axes.size());
  cost::Convolution out;
  if (shape != nullptr) out.batch = std::max<std::int64_t>((*shape)[0].size.value_or(1), 1);
  out.channels_in = operands.channels_in();
  out.channels_out = operands.channels_out();
  out.kernel = operands.taps();
  out.axes = static_cast<std::int64_t>(operands.axes.size());
  out.groups = operands.groups;
  out.computes_index = !operands.is_sized();
  out.gathers_floats = survey.graph().model().opset("") < quantizing_opset;
  double in = 1;
  double given = 1;  // positions in and out along axes of known size
  for (std::size_t a = 0; a < sizes.size(); ++a) {
    Slide axis = operands.axes[a];
    out.stride *= axis.stride;
    if (sizes[a] == 0) continue;
    axis.size = sizes[a];
    in *= static_cast<double>(axis.size);
    given *= static_cast<double>(std::max<std::int64_t>(axis.size_out(), 1));
  }
  const bool known = has_likely_sizes(survey, operands);
  const double all = known ? in : std::max(in, static_cast<double>(positions));
  const double strides = static_cast<double>(out.stride);
  out.positions_in = static_cast<std::int64_t>(all);
  out.positions_out = static_cast<std::int64_t>(known ? given : std::max(1.0, all / strides));
  // Convolutions come in rows: of the two Transposes of each, a neighbour cancels one.
  out.turned = 0.5 * static_cast<double>(out.batch) *
               (static_cast<double>(out.positions_in) * static_cast<double>(out.channels_in) +
                static_cast<double>(out.positions_out) * static_cast<double>(out.channels_out));
  return out;
}

}  // namespace octet::forms
