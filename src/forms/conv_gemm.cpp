// A convolution as one product of integers. Its input is turned channels-last and quantized to u8;
// one Gather lays the rows that each position of the output reads side by side (im2col); the weight
// is s8, [taps · channels, outputs], a scale a column; the result is turned back.
//
// Why this and nothing else: ConvInteger is slower than the float Conv on every CPU, slices and
// Concat in place of the Gather are slower for every kernel and do not scale with threads, and a
// calibrated QLinearConv needs data. The picture is padded with the zero point, so that padding is
// exact, and rows are counted in the padded picture: an index without cases, the same where sizes
// are known and where they are not. A kernel of one with stride one needs no Gather.
//
// Each convolution is written by itself, Transposes and all. ONNX Runtime's transpose optimizer
// cancels those between neighbours, through Relu, Add and the like: therefore the input is turned
// first and quantized then, since no Transpose moves through DynamicQuantizeLinear. Convolutions
// that read one value share its quantizing, those of equal geometry their index.
#include <fmt/format.h>

#include "forms/conv_operands.hpp"
#include "forms/conv_writer.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t quantizing_opset = 11;  // DynamicQuantizeLinear, Pad with an input, Range
constexpr std::int64_t kernel_columns = 16;

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const auto refuse = [&](std::string reason, std::string detail) {
    why = {std::move(reason), std::move(detail)};
    return std::nullopt;
  };
  const auto operands = conv_operands(survey, id, why);
  if (!operands) return std::nullopt;
  if (graph.scope(graph.node(id).scope).kind == graph::Scope::Kind::function)
    return refuse("in_function", "nodes inside model-local functions stay as they are");
  const base::ElementType stored = survey.place(id, 1)->source.stored;
  if (stored != base::ElementType::float32) {
    return refuse("type", fmt::format("{} weights are not quantized by this version; export the "
                                      "model in float32",
                                      base::element_name(stored)));
  }
  if (choice.ops == Ops::none) return refuse("ops", "it needs operators: contrib or standard");
  const std::int64_t opset = graph.model().opset("");
  if (opset < quantizing_opset && (choice.ops == Ops::standard || !operands->is_point()))
    return refuse("opset", fmt::format("opset {} has no DynamicQuantizeLinear (11 has)", opset));
  const quant::Encoding encoding = choice.of(1, choice.products);
  if (!quant::is_integer(encoding)) {
    return refuse("storage",
                  fmt::format("storage \"{}\" cannot be computed with; int8 or uint8 can",
                              quant::name(encoding.kind)));
  }
  if (auto fault = quant::contradiction(encoding)) return refuse("storage", *fault);
  Offer out;
  out.at = id;
  out.takes = {id};
  if (operands->norm != none) out.takes.push_back(operands->norm);
  out.needs = {{.slot = 1,
                .constant = operands->weight,
                .view = operands->view,
                .axes = {2, 3},
                .encoding = encoding,
                .multiplied = true,
                .as_matrix = true}};
  out.ops = choice.ops;
  out.reason = "fast";
  out.detail =
      fmt::format("{}x{} INT8 products of {}{}", operands->taps() * operands->channels_in(),
                  operands->channels_out(), operands->is_point() ? "rows" : "gathered rows",
                  operands->norm != none ? ", normalization inside" : "");
  return out;
}

// Pictures and sequences nobody knows the size of: a layer must pay on small ones and on large
// ones.
constexpr std::int64_t few_samples = 16;
constexpr std::int64_t few_positions = 14 * 14;
constexpr std::int64_t many_positions = 112 * 112;
// What computing the index at every run adds: a share of the product, and a dozen small nodes.
constexpr double computed_index = 1.05;
constexpr double computed_index_ns = 30'000;
// The tables were measured above so many products. Below, the nodes around them decide, at a
// microsecond or two each, of which nothing can be won back: a layer so small takes ten
// microseconds in float.
constexpr double least_products = 1 << 17;
constexpr double nodes_ns = 20'000;

double products_of(const cost::Convolution& work) {
  return static_cast<double>(work.batch) * static_cast<double>(work.positions_out) *
         static_cast<double>(work.kernel) * static_cast<double>(work.channels_in) *
         static_cast<double>(work.channels_out);
}

Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  Refusal unused;
  const ConvOperands operands = *conv_operands(survey, offer.at, unused);
  const auto estimate = [&](std::int64_t positions) {
    const cost::Convolution work = conv_work(survey, operands, positions);
    cost::Estimate out = costs.convolution(work);
    if (products_of(work) < least_products) out.int8_ns += nodes_ns;
    if (!operands.is_sized() && !operands.is_point())
      out.int8_ns = out.int8_ns * computed_index + computed_index_ns;
    return out;
  };
  const std::int64_t least = operands.axes.size() == 1 ? few_samples : few_positions;
  const cost::Estimate few = estimate(least);
  const cost::Estimate many = estimate(many_positions);
  const cost::Estimate& worse = few.ratio() > many.ratio() ? few : many;
  Gain out;
  out.ns = (unknown == 1 ? few : many).gain_ns();
  if (worse.pays()) return out;
  if (operands.channels_out() < kernel_columns) {
    out.loss = Refusal{"narrow", fmt::format("{} outputs; the kernel computes {} at a time",
                                             operands.channels_out(), kernel_columns)};
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
