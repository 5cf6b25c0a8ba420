// A convolution as one product of integers. Its input is turned channels-last and quantized to u8;
// one Gather lays the rows that each position of the output reads side by side (im2col); the weight
// is s8, [taps · channels, outputs], a scale a column; the result is turned back.
//
// Why this and nothing else: ConvInteger is slower than the float Conv on every CPU, slices and
// Concat in place of the Gather are slower for every kernel and do not scale with threads, and a
// calibrated QLinearConv needs data. The picture is padded with the zero point, so that padding is
// exact, and rows are counted in the padded picture: an index without cases, the same where sizes
// are known and where they are not. A kernel of one with stride one needs no Gather. Below opset
// 11, which has no DynamicQuantizeLinear, floats are gathered and DynamicQuantizeMatMul quantizes
// them.
//
// Each convolution is written by itself, Transposes and all. ONNX Runtime's transpose optimizer
// cancels those between neighbours, through Relu, Add and the like: therefore the input is turned
// first and quantized then, since no Transpose moves through DynamicQuantizeLinear. Convolutions
// that read one value share its quantizing, those of equal geometry their index.
#include <fmt/format.h>

#include "forms/conv_operands.hpp"
#include "forms/conv_writer.hpp"
#include "forms/products.hpp"

namespace octet::forms {
namespace {

using graph::none;

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const auto operands = conv_operands(survey, id, why);
  if (!operands) return std::nullopt;
  const auto encoding = product_encoding(survey, id, 1, choice, why);
  if (!encoding) return std::nullopt;
  const std::int64_t opset = survey.graph().model().opset("");
  if (opset < quantizing_opset && !operands->is_point() && !operands->is_sized()) {
    why = {"opset",
           fmt::format("opset {} cannot compute with sizes that nobody knows (11 can)", opset)};
    return std::nullopt;
  }
  Offer out;
  out.at = id;
  out.takes = {id};
  if (operands->norm != none) out.takes.push_back(operands->norm);
  out.needs = {{.slot = 1,
                .constant = operands->weight,
                .view = operands->view,
                .axes = {2, 3},
                .encoding = *encoding,
                .multiplied = true,
                .as_matrix = true}};
  out.ops = choice.ops;
  out.bands = bands_of(survey, *operands);
  out.reason = "fast";
  const std::int64_t groups = operands->groups;
  out.detail = fmt::format(
      "{}{}x{} INT8 products of {}{}", groups > 1 ? fmt::format("{} times ", groups) : "",
      operands->taps() * operands->channels_of_group(), operands->channels_out() / groups,
      operands->is_point() ? "rows" : "gathered rows",
      operands->norm != none ? ", normalization inside" : "");
  if (out.bands > 1) out.detail += fmt::format(", in {} bands", out.bands);
  return out;
}

// Pictures and sequences nobody knows the size of: a layer must pay on small ones and on large
// ones.
constexpr std::int64_t few_samples = 16;
constexpr std::int64_t few_positions = 14 * 14;
constexpr std::int64_t many_positions = 112 * 112;
Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  Refusal unused;
  const ConvOperands operands = *conv_operands(survey, offer.at, unused);
  const auto estimate = [&](std::int64_t positions) {
    cost::Convolution work = conv_work(survey, operands, positions);
    work.bands = offer.bands;
    return costs.convolution(work);
  };
  const std::int64_t least = operands.axes.size() == 1 ? few_samples : few_positions;
  const cost::Estimate few = estimate(least);
  const cost::Estimate many = estimate(many_positions);
  const cost::Estimate& worse = few.ratio() > many.ratio() ? few : many;
  Gain out;
  out.ns = (unknown == 1 ? few : many).gain_ns();
  if (const cost::Fault* const fault = costs.product_fault(operands.channels_out())) {
    out.loss = Refusal{"runtime_fault",
                       fmt::format("{} outputs: {}", operands.channels_out(), fault->what)};
    return out;
  }
  if (worse.pays()) return out;
  const std::int64_t columns = operands.channels_out() / operands.groups;
  if (operands.groups > 1) {
    out.loss = Refusal{"grouped",
                       fmt::format("{} groups of {} channels: INT8 would take {:.2f} of "
                                   "float's time",
                                   operands.groups, operands.channels_of_group(), worse.ratio())};
  } else if (columns < kernel_columns) {
    out.loss = Refusal{"narrow", fmt::format("{} outputs; the kernel computes {} at a time",
                                             columns, kernel_columns)};
  } else {
    const bool known = has_likely_sizes(survey, operands);
    const cost::Convolution work = conv_work(survey, operands, many_positions);
    out.loss = Refusal{
        "small", fmt::format("{} taps of {} channels to {}{}: INT8 would take {:.2f} of float's "
                             "time",
                             work.kernel, work.channels_in, work.channels_out,
                             known ? fmt::format(" at {} positions", work.positions_out) : "",
                             worse.ratio())};
  }
  return out;
}

void write(WeightStore& store, const Offer& offer) {
  Refusal unused;
  write_convolution(store, offer, *conv_operands(store.survey(), offer.at, unused));
}

}  // namespace

const Form conv_gemm = {
    "conv_gemm", "Conv computed as one INT8 product of gathered rows, quantized as they arrive.",
    offer, gain, write};

}  // namespace octet::forms
