#include "forms/conv_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "forms/emitter.hpp"
#include "forms/gathered_rows.hpp"
#include "forms/normalization.hpp"

namespace octet::forms {
namespace {

using graph::none;
using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t quantizing_opset = 11;  // DynamicQuantizeLinear

// Axes of [batch, channels, size …] as [batch, size …, channels].
Numbers to_channels_last(std::size_t axes) {
  Numbers out = {0};
  for (std::size_t a = 0; a < axes; ++a) out.push_back(static_cast<std::int64_t>(a) + 2);
  out.push_back(1);
  return out;
}

Numbers to_channels_first(std::size_t axes) {
  Numbers out = {0, static_cast<std::int64_t>(axes) + 1};
  for (std::size_t a = 0; a < axes; ++a) out.push_back(static_cast<std::int64_t>(a) + 1);
  return out;
}

class Writer {
 public:
  Writer(WeightStore& store, const Offer& offer, const ConvOperands& operands)
      : store_(store),
        graph_(store.overlay().graph()),
        node_(graph_.node(offer.at)),
        offer_(offer),
        operands_(operands),
        weight_(store.get(offer.needs.front())),
        result_(graph_.value(graph_.node(offer.takes.back()).outputs[0]).name),
        emitter_(store.overlay(), node_.scope,
                 node_.view.name.empty() ? result_ : std::string(node_.view.name)) {
    if (operands_.bias != none) bias_ = std::string(graph_.value(operands_.bias).name);
    if (operands_.norm != none) normalize();
  }

  void run() {
    const std::string product = offer_.ops == Ops::standard ? standard() : contrib();
    emitter_.add({"Transpose",
                  "",
                  "",
                  {product},
                  {result_},
                  {{"perm", to_channels_first(operands_.axes.size())}}});
    emitter_.apply(offer_.takes);
  }

 private:
  // The factors go into the weight's scales (multiplied at load), the rest into the bias.
  void normalize() {
    const auto channels = static_cast<std::size_t>(operands_.channels_out());
    Normalization norm = *normalization(graph_, operands_.norm, channels);
    if (operands_.bias != none) {
      const onnx::Bytes bias =
          graph_.elements(graph_.constant(graph_.value(operands_.bias).constant));
      for (std::size_t c = 0; c < channels; ++c) {
        float b = 0;
        std::memcpy(&b, bias.data() + 4 * c, 4);
        norm.shift[c] += b * norm.factor[c];
      }
    }
    weight_.scale = emitter_.add("Mul", {weight_.scale, emitter_.floats("factor", norm.factor)},
                                 "normalized_scale");
    bias_ = emitter_.floats("bias", norm.shift);
  }

  // What convolutions of one value in one scope share, made by the first of them.
  std::vector<std::string> shared(const std::string& what,
                                  const std::function<std::vector<std::string>(Emitter&)>& make) {
    return store_.once(fmt::format("{}:{}", node_.scope, what), [&] {
      Emitter emitter(store_.overlay(), node_.scope,
                      std::string(graph_.value(operands_.input).name));
      std::vector<std::string> out = make(emitter);
      emitter.apply();
      return out;
    });
  }

  std::string channels_last() {
    return shared(fmt::format("channels_last:{}", operands_.input), [&](Emitter& emitter) {
      const std::string x(graph_.value(operands_.input).name);
      return std::vector{emitter.add("Transpose", {x}, "channels_last",
                                     {{"perm", to_channels_last(operands_.axes.size())}})};
    })[0];
  }

  // The bytes, their scale, their zero point.
  std::vector<std::string> quantized() {
    const std::string x = channels_last();
    return shared(fmt::format("quantized:{}", operands_.input), [&](Emitter& emitter) {
      std::vector<std::string> out = {emitter.fresh("quantized"), emitter.fresh("scale"),
                                      emitter.fresh("zero_point")};
      emitter.add({"DynamicQuantizeLinear", "", "", {x}, out, {}});
      return out;
    });
  }

  std::string padded(const std::vector<std::string>& x) {
    if (!operands_.is_padded()) return x[0];
    const std::size_t count = operands_.axes.size();
    Numbers pads(2 * (count + 2), 0);
    for (std::size_t a = 0; a < count; ++a) {
      pads[1 + a] = operands_.axes[a].pad_begin;
      pads[count + 3 + a] = operands_.axes[a].pad_end;
    }
    return shared(fmt::format("padded:{}:{}", operands_.input, fmt::join(pads, ",")),
                  [&](Emitter& emitter) {
                    return std::vector{
                        emitter.add("Pad", {x[0], emitter.ints("pads", pads), x[2]}, "padded")};
                  })[0];
  }

  std::string index(const std::string& padded) {
    const std::string whose = operands_.is_sized() ? "" : fmt::format("{}:", operands_.input);
    return shared(fmt::format("rows:{}{}", whose, to_text(operands_.axes)), [&](Emitter& emitter) {
      return std::vector{emit_rows(emitter, operands_.axes, padded)};
    })[0];
  }

  // [batch, size …, taps · channels]
  std::string gathered(const std::vector<std::string>& x) {
    if (operands_.is_point()) return x[0];
    const std::string picture = padded(x);
    const std::string rows = index(picture);
    return shared(
        fmt::format("gathered:{}:{}", operands_.input, to_text(operands_.axes)),
        [&](Emitter& emitter) {
          const std::string flat = emitter.add(
              "Reshape", {picture, emitter.ints("flat", {0, -1, operands_.channels_in()})}, "flat");
          const std::string columns =
              emitter.add("Gather", {flat, rows}, "gathered", {{"axis", std::int64_t{1}}});
          Numbers dims(operands_.axes.size() + 1, 0);
          dims.push_back(operands_.taps() * operands_.channels_in());
          return std::vector{
              emitter.add("Reshape", {columns, emitter.ints("columns", dims)}, "im2col")};
        })[0];
  }

  std::string contrib() {
    const std::string& zero = store_.zero_point(weight_.as.encoding.kind);
    std::vector<std::string> inputs;
    const bool quantizes = graph_.model().opset("") < quantizing_opset;
    if (quantizes) {
      inputs = {channels_last(), weight_.data, weight_.scale, zero};
    } else {
      const std::vector<std::string> x = quantized();
      inputs = {gathered(x), weight_.data, x[1], weight_.scale, x[2], zero};
    }
    if (!bias_.empty()) inputs.push_back(bias_);
    std::string out = emitter_.fresh("product");
    emitter_.add({quantizes ? "DynamicQuantizeMatMul" : "MatMulIntegerToFloat",
                  "com.microsoft",
                  std::string(node_.view.name),
                  std::move(inputs),
                  {out},
                  {}});
    return out;
  }

  std::string standard() {
    const std::vector<std::string> x = quantized();
    std::vector<std::string> inputs = {gathered(x), weight_.data, x[2]};
    if (weight_.as.encoding.kind == quant::Kind::uint8)
      inputs.push_back(store_.zero_point(quant::Kind::uint8));
    const std::string sums = emitter_.add("MatMulInteger", std::move(inputs), "sums");
    const std::string floats =
        emitter_.add("Cast", {sums}, "float_sums",
                     {{"to", static_cast<std::int64_t>(base::ElementType::float32)}});
    const std::string scales = emitter_.add("Mul", {x[1], weight_.scale}, "scales");
    std::string out = emitter_.add("Mul", {floats, scales}, "scaled");
    return bias_.empty() ? out : emitter_.add("Add", {out, bias_}, "product");
  }

  WeightStore& store_;
  const graph::Graph& graph_;
  const graph::Node& node_;
  const Offer& offer_;
  const ConvOperands& operands_;
  Stored weight_;
  std::string result_;
  std::string bias_;
  Emitter emitter_;
};

}  // namespace

void write_convolution(WeightStore& store, const Offer& offer, const ConvOperands& operands) {
  Writer(store, offer, operands).run();
}

}  // namespace octet::forms
