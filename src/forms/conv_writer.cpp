#include "forms/conv_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

#include "forms/emitter.hpp"
#include "forms/gathered_rows.hpp"
#include "forms/normalization.hpp"
#include "forms/products.hpp"

namespace octet::forms {
namespace {

using graph::none;
using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t split_input_opset = 13;  // sizes were an attribute before

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
    std::vector<std::string> products;
    const std::vector<Part> parts = parts_of_weight();
    for (std::size_t g = 0; g < parts.size(); ++g) products.push_back(product(parts[g], g));
    const std::int64_t last = static_cast<std::int64_t>(operands_.axes.size()) + 1;
    const std::string product = products.size() == 1
                                    ? products[0]
                                    : emitter_.add("Concat", products, "groups", {{"axis", last}});
    finish(product);
    emitter_.apply(offer_.takes);
  }

 private:
  // Turns it back; behind it what a FusedConv holds.
  void finish(const std::string& product) {
    const graph::NewAttribute perm = {"perm", to_channels_first(operands_.axes.size())};
    const bool adds = operands_.addend != none;
    const bool activates = !operands_.activation.op.empty();
    std::string x = adds || activates ? emitter_.fresh("channels_first") : result_;
    emitter_.add({"Transpose", "", "", {product}, {x}, {perm}});
    if (adds) {
      const std::string sum = activates ? emitter_.fresh("sum") : result_;
      const std::string addend(graph_.value(operands_.addend).name);
      emitter_.add({"Add", "", "", {x, addend}, {sum}, {}});
      x = sum;
    }
    if (activates)
      emit_activation(emitter_, operands_.activation, graph_.model().opset(""), x, result_);
  }

  // What the product of one group multiplies with; without groups, of all.
  struct Part {
    std::string data, scale, bias;
  };

  // Columns of the weight, cut at load.
  std::vector<Part> parts_of_weight() {
    if (operands_.groups == 1) return {{weight_.data, weight_.scale, bias_}};
    const std::int64_t columns = operands_.channels_out() / operands_.groups;
    const auto cut = [&](const std::string& whole, std::int64_t axis) {
      return split(emitter_, whole, axis, columns);
    };
    const std::vector<std::string> data = cut(weight_.data, 1);
    const auto count = static_cast<std::size_t>(operands_.groups);
    const bool per_channel = weight_.as.encoding.granularity == quant::Granularity::per_channel ||
                             operands_.norm != none;
    const std::vector<std::string> scale =
        per_channel ? cut(weight_.scale, 0) : std::vector(count, weight_.scale);
    const std::vector<std::string> bias = bias_.empty() ? std::vector(count, bias_) : cut(bias_, 0);
    std::vector<Part> out;
    for (std::size_t g = 0; g < count; ++g) out.push_back({data[g], scale[g], bias[g]});
    return out;
  }

  // A value cut along one axis into one piece a group, of `size` each.
  std::vector<std::string> split(Emitter& emitter, const std::string& whole, std::int64_t axis,
                                 std::int64_t size) {
    const auto count = static_cast<std::size_t>(operands_.groups);
    const Numbers sizes(count, size);
    std::vector<std::string> out;
    for (std::size_t g = 0; g < count; ++g) out.push_back(emitter.fresh("group"));
    graph::NewNode node{"Split", "", "", {whole}, out, {{"axis", axis}}};
    if (graph_.model().opset("") < split_input_opset) {
      node.attributes.push_back({"split", sizes});
    } else {
      node.inputs.push_back(emitter.ints("sizes", sizes));
    }
    emitter.add(std::move(node));
    return out;
  }

  // The channels-last value of one group.
  std::string of_group(const std::string& whole, const std::string& what, std::size_t group) {
    if (operands_.groups == 1) return whole;
    return shared(fmt::format("{}:{}:{}", what, operands_.input, operands_.groups),
                  [&](Emitter& emitter) {
                    const auto last = static_cast<std::int64_t>(operands_.axes.size()) + 1;
                    return split(emitter, whole, last, operands_.channels_of_group());
                  })[group];
  }

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

  // What is gathered: bytes with their scale and zero point, or the floats themselves, which
  // DynamicQuantizeMatMul quantizes.
  struct Source {
    std::string values, scale, zero_point;
  };

  [[nodiscard]] bool gathers_floats() const { return graph_.model().opset("") < quantizing_opset; }

  Source source() {
    const std::string x = channels_last();
    if (gathers_floats()) return {x, "", ""};
    const auto out = shared(fmt::format("quantized:{}", operands_.input), [&](Emitter& emitter) {
      std::vector<std::string> names = {emitter.fresh("quantized"), emitter.fresh("scale"),
                                        emitter.fresh("zero_point")};
      emitter.add({"DynamicQuantizeLinear", "", "", {x}, names, {}});
      return names;
    });
    return {out[0], out[1], out[2]};
  }

  std::string padded(const Source& x, std::size_t group) {
    const std::string values = of_group(x.values, "values", group);
    if (!operands_.is_padded()) return values;
    const std::size_t count = operands_.axes.size();
    Numbers pads(2 * (count + 2), 0);
    for (std::size_t a = 0; a < count; ++a) {
      pads[1 + a] = operands_.axes[a].pad_begin;
      pads[count + 3 + a] = operands_.axes[a].pad_end;
    }
    return shared(
        fmt::format("padded:{}:{}", of_input(group), fmt::join(pads, ",")), [&](Emitter& emitter) {
          if (gathers_floats())
            return std::vector{emitter.add("Pad", {values}, "padded", {{"pads", pads}})};
          return std::vector{
              emitter.add("Pad", {values, emitter.ints("pads", pads), x.zero_point}, "padded")};
        })[0];
  }

  std::string index(const std::string& padded, std::int64_t number) {
    const std::string whose = operands_.is_sized() ? "" : fmt::format("{}:", operands_.input);
    const Band band = band_of(operands_.axes, number, offer_.bands);
    const std::string key =
        fmt::format("rows:{}{}:{}of{}", whose, to_text(operands_.axes), number, offer_.bands);
    return shared(key, [&](Emitter& emitter) {
      return std::vector{emit_rows(emitter, operands_.axes, padded, band)};
    })[0];
  }

  // What is gathered from, as a part of a key.
  [[nodiscard]] std::string of_input(std::size_t group) const {
    return fmt::format("{}:{}of{}", operands_.input, group, operands_.groups);
  }

  // [batch, size …, taps · channels of the group], of one band the rows.
  std::string gathered(const Source& x, std::size_t group, std::int64_t band) {
    if (operands_.is_point()) return of_group(x.values, "values", group);
    const std::string picture = padded(x, group);
    const std::string rows = index(picture, band);
    const std::string key = fmt::format("gathered:{}:{}:{}of{}", of_input(group),
                                        to_text(operands_.axes), band, offer_.bands);
    return shared(key, [&](Emitter& emitter) {
      const std::string flat = emitter.add(
          "Reshape", {picture, emitter.ints("flat", {0, -1, operands_.channels_of_group()})},
          "flat");
      const std::string columns =
          emitter.add("Gather", {flat, rows}, "gathered", {{"axis", std::int64_t{1}}});
      Numbers dims(operands_.axes.size() + 1, 0);
      dims.push_back(operands_.taps() * operands_.channels_of_group());
      return std::vector{
          emitter.add("Reshape", {columns, emitter.ints("columns", dims)}, "im2col")};
    })[0];
  }

  // Of one group, its bands below each other.
  std::string product(const Part& part, std::size_t group) {
    std::vector<std::string> bands;
    for (std::int64_t band = 0; band < offer_.bands; ++band) {
      const Source x = source();
      const std::string rows = gathered(x, group, band);
      const bool is_first = group == 0 && band == 0;
      bands.push_back(offer_.ops == Ops::standard ? standard(part, x, rows)
                                                  : contrib(part, x, rows, is_first));
    }
    return bands.size() == 1 ? bands[0]
                             : emitter_.add("Concat", bands, "bands", {{"axis", std::int64_t{1}}});
  }

  std::string contrib(const Part& part, const Source& x, const std::string& rows, bool is_first) {
    const std::string& zero = store_.zero_point(weight_.as.encoding.kind);
    const bool quantizes = gathers_floats();
    std::vector<std::string> inputs = {rows, part.data, x.scale, part.scale, x.zero_point, zero};
    if (quantizes) inputs = {rows, part.data, part.scale, zero};
    if (!part.bias.empty()) inputs.push_back(part.bias);
    std::string out = emitter_.fresh("product");
    emitter_.add({quantizes ? "DynamicQuantizeMatMul" : "MatMulIntegerToFloat",
                  "com.microsoft",
                  is_first ? std::string(node_.view.name) : "",
                  std::move(inputs),
                  {out},
                  {}});
    return out;
  }

  std::string standard(const Part& part, const Source& x, const std::string& rows) {
    std::vector<std::string> inputs = {rows, part.data, x.zero_point};
    if (weight_.as.encoding.kind == quant::Kind::uint8)
      inputs.push_back(store_.zero_point(quant::Kind::uint8));
    const std::string sums = emitter_.add("MatMulInteger", std::move(inputs), "sums");
    const std::string floats =
        emitter_.add("Cast", {sums}, "float_sums",
                     {{"to", static_cast<std::int64_t>(base::ElementType::float32)}});
    const std::string scales = emitter_.add("Mul", {x.scale, part.scale}, "scales");
    std::string out = emitter_.add("Mul", {floats, scales}, "scaled");
    return part.bias.empty() ? out : emitter_.add("Add", {out, part.bias}, "product");
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
