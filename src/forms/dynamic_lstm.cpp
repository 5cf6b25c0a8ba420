// LSTM computed in INT8: com.microsoft.DynamicQuantizeLSTM. Both weights lie turned, [directions,
// inputs, 4 hidden], with a scale for each gate of each unit and direction; what comes in, and the
// state at every step, becomes u8 at run time.
//
// Everything else stays as it was: bias, lengths, states, peepholes, attributes. The operator knows
// no layout: a batch-first LSTM (which ONNX Runtime itself computes on no CPU) gets Transposes.
// Zero points have the shape of the scales: of two directions ONNX Runtime reads past the end of
// shorter ones (1.16 to 1.30, seen). There is nothing like it in ai.onnx, and none for GRU and RNN.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "forms/emitter.hpp"
#include "forms/form.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {
namespace {

using graph::none;

constexpr std::int64_t needed_opset = 7;  // before, outputs came by an attribute
constexpr std::int64_t gates = 4;
enum Slot : std::uint32_t { x, w, r, b, lengths, first_h, first_c, peepholes };
enum Output : std::uint32_t { y, last_h, last_c };

struct LstmSizes {
  std::int64_t directions = 0;
  std::int64_t input = 0;
  std::int64_t hidden = 0;
};

std::int64_t directions_of(const onnx::NodeView& node) {
  const onnx::AttributeView* direction = node.attribute("direction");
  return direction != nullptr && direction->s == "bidirectional" ? 2 : 1;
}

// nullopt where the weights are not those of such a node.
std::optional<LstmSizes> sizes_of(const onnx::NodeView& node, const View& weight,
                                  const View& recurrent) {
  if (weight.dims.size() != 3 || recurrent.dims.size() != 3) return std::nullopt;
  const LstmSizes out = {directions_of(node), weight.dims[2], recurrent.dims[2]};
  const std::vector<std::int64_t> first = {out.directions, gates * out.hidden, out.input};
  const std::vector<std::int64_t> second = {out.directions, gates * out.hidden, out.hidden};
  const bool stated = node.integer("hidden_size", out.hidden) == out.hidden;
  if (weight.dims != first || recurrent.dims != second || !stated) return std::nullopt;
  return out;
}

bool batch_first(const onnx::NodeView& node) {
  return node.integer("layout", 0) != 0;
}

// Rows are what a gate adds up: the last axis of the weight.
std::optional<Need> need(const Place& place, std::uint32_t slot, const Choice& choice,
                         Refusal& why) {
  const quant::Encoding encoding = choice.of(slot, choice.products);
  if (!quant::is_integer(encoding)) {
    why = {"storage", fmt::format("storage \"{}\" cannot be computed with; int8 or uint8 can",
                                  quant::name(encoding.kind))};
    return std::nullopt;
  }
  if (auto fault = quant::contradiction(encoding)) {
    why = {"storage", *fault};
    return std::nullopt;
  }
  return Need{.slot = slot,
              .constant = place.source.constant,
              .view = *transposed(place.source.view, {0, 2, 1}),
              .axes = {2, 3, true},
              .encoding = encoding,
              .multiplied = true};
}

std::optional<Offer> offer(const Survey& survey, graph::NodeId id, const Choice& choice,
                           Refusal& why) {
  const graph::Graph& graph = survey.graph();
  const graph::Node& node = graph.node(id);
  const auto refuse = [&](Refusal refusal) {
    why = std::move(refusal);
    return std::nullopt;
  };
  if (!node.view.is("LSTM")) return refuse(not_my_operator("only LSTM is computed so"));
  const Place* weight = survey.place(id, w);
  const Place* recurrent = survey.place(id, r);
  if (weight == nullptr || recurrent == nullptr || graph.input(id, x) == none)
    return refuse({"not_constant", "a weight is computed while the model runs"});
  if (graph.scope(node.scope).kind == graph::Scope::Kind::function)
    return refuse({"in_function", "nodes inside model-local functions stay as they are"});
  for (const Place* place : {weight, recurrent}) {
    if (place->source.seen == base::ElementType::float32) continue;
    return refuse({"type", fmt::format("{} weights are not quantized by this version; export the "
                                       "model in float32",
                                       base::element_name(place->source.seen))});
  }
  if (choice.ops == Ops::none) return refuse({"ops", "it needs operators: contrib"});
  if (choice.ops == Ops::standard)
    return refuse({"ops", "ai.onnx has no LSTM of integers; --ops contrib has"});
  if (graph.model().opset("") < needed_opset)
    return refuse({"opset", fmt::format("the LSTM of opset {} is another (7 has this one)",
                                        graph.model().opset(""))});
  const auto sizes = sizes_of(node.view, weight->source.view, recurrent->source.view);
  if (!sizes) return refuse({"recurrence", "the weights' shapes are not those of its attributes"});
  Offer out;
  out.at = id;
  out.takes = {id};
  for (const Place* place : {weight, recurrent}) {
    auto wanted = need(*place, place->slot, choice, why);
    if (!wanted) return std::nullopt;
    out.needs.push_back(std::move(*wanted));
  }
  // ONNX Runtime wants one kind of integers for both.
  if (out.needs[0].encoding.kind != out.needs[1].encoding.kind)
    return refuse({"storage", "both weights must be int8, or both uint8"});
  out.ops = Ops::contrib;
  out.reason = "fast";
  out.detail = fmt::format("{} to {} hidden{}, INT8 products at every step", sizes->input,
                           sizes->hidden, sizes->directions == 2 ? ", two directions" : "");
  return out;
}

// A dimension that is known; 0 when it is not.
std::int64_t size_at(const graph::Shape* shape, std::size_t axis) {
  return shape != nullptr && axis < shape->size() ? (*shape)[axis].size.value_or(0) : 0;
}

Gain gain(const Survey& survey, const Offer& offer, const cost::Costs& costs,
          std::int64_t unknown) {
  const graph::Node& node = survey.graph().node(offer.at);
  const View& weight = offer.needs[0].view;
  const graph::Shape* input = survey.likely_shape(node.inputs[x]);
  const bool turned = batch_first(node.view);
  cost::Lstm work;
  work.directions = weight.dims[0];
  work.input = weight.dims[1];
  work.hidden = weight.dims[2] / gates;
  work.steps = size_at(input, turned ? 1 : 0);
  work.batch = std::max<std::int64_t>(1, size_at(input, turned ? 0 : 1));
  const cost::Estimate estimate = costs.lstm(work);
  const bool known = work.steps != 0;
  if (!known) work.steps = unknown;
  Gain out;
  out.ns = costs.lstm(work).gain_ns();
  if (estimate.pays()) return out;
  out.loss = Refusal{
      "small", fmt::format("{} hidden{}: INT8 would take {:.2f} of float's time", work.hidden,
                           known ? fmt::format(", {} steps", work.steps) : "", estimate.ratio())};
  return out;
}

class Writer {
 public:
  Writer(WeightStore& store, const Offer& offer)
      : store_(store),
        graph_(store.overlay().graph()),
        offer_(offer),
        node_(graph_.node(offer.at)),
        turns_(batch_first(node_.view)),
        emitter_(store.overlay(), node_.scope,
                 node_.view.name.empty() ? "lstm" : std::string(node_.view.name)) {}

  void run() {
    const Stored weight = store_.get(offer_.needs[0]);
    const Stored recurrent = store_.get(offer_.needs[1]);
    graph::NewNode lstm{
        "DynamicQuantizeLSTM", "com.microsoft", std::string(node_.view.name), {}, {}, {}};
    lstm.inputs = {turned_input(x, {1, 0, 2}),
                   weight.data,
                   recurrent.data,
                   input(b),
                   input(lengths),
                   turned_input(first_h, {1, 0, 2}),
                   turned_input(first_c, {1, 0, 2}),
                   input(peepholes),
                   weight.scale,
                   zero_points(weight),
                   recurrent.scale,
                   zero_points(recurrent)};
    for (const onnx::AttributeView& attribute : node_.view.attributes) {
      if (attribute.name != "layout") lstm.kept_attributes.push_back(attribute.message);
    }
    if (node_.view.attribute("hidden_size") == nullptr)
      lstm.attributes.push_back({"hidden_size", offer_.needs[0].view.dims[2] / gates});
    std::vector<graph::NewNode> after;
    for (std::uint32_t i = 0; i < node_.outputs.size(); ++i)
      lstm.outputs.push_back(turned_output(i, after));
    emitter_.add(std::move(lstm));
    for (graph::NewNode& node : after) emitter_.add(std::move(node));
    emitter_.apply(offer_.takes);
  }

 private:
  [[nodiscard]] std::string input(std::uint32_t slot) const {
    const graph::ValueId value = graph_.input(offer_.at, slot);
    return value == none ? "" : std::string(graph_.value(value).name);
  }

  std::string turned_input(std::uint32_t slot, std::vector<std::int64_t> perm) {
    std::string name = input(slot);
    if (!turns_ || name.empty()) return name;
    return emitter_.add("Transpose", {name}, "steps_first", {{"perm", std::move(perm)}});
  }

  // The name the operator gives its result; `after` holds what turns it back.
  std::string turned_output(std::uint32_t slot, std::vector<graph::NewNode>& after) {
    if (node_.outputs[slot] == none) return "";
    std::string name(graph_.value(node_.outputs[slot]).name);
    if (!turns_) return name;
    std::string raw = emitter_.fresh("steps_first_output");
    std::vector<std::int64_t> perm =
        slot == y ? std::vector<std::int64_t>{2, 0, 1, 3} : std::vector<std::int64_t>{1, 0, 2};
    after.push_back({"Transpose", "", "", {raw}, {std::move(name)}, {{"perm", std::move(perm)}}});
    return raw;
  }

  // In the shape of the scales; one tensor for all that are alike.
  std::string zero_points(const Stored& weight) {
    const quant::Kind kind = weight.as.encoding.kind;
    const auto parts = quant::parts(weight.as.encoding, weight.as.dims(), weight.as.axes);
    const std::vector<std::int64_t>& dims = parts[1].dims;
    return store_.once(
        fmt::format("0:zero_points:{}:{}", quant::name(kind), fmt::join(dims, ",")), [&] {
          std::string name = store_.overlay().fresh_name(
              fmt::format("octet_zero_points_{}_{}", quant::name(kind), fmt::join(dims, "x")));
          std::size_t count = 1;
          for (const std::int64_t d : dims) count *= static_cast<std::size_t>(d);
          store_.overlay().add_filled({name, 0, quant::element_type(kind), dims},
                                      std::string(count, kind == quant::Kind::uint8 ? '\x80' : 0));
          return std::vector{std::move(name)};
        })[0];
  }

  WeightStore& store_;
  const graph::Graph& graph_;
  const Offer& offer_;
  const graph::Node& node_;
  bool turns_;
  Emitter emitter_;
};

void write(WeightStore& store, const Offer& offer) {
  Writer(store, offer).run();
}

}  // namespace

const Form dynamic_lstm = {
    "dynamic_lstm", "LSTM computed in INT8, its input and its state quantized as they arrive.",
    offer, gain, write};

}  // namespace octet::forms
