// The forms of operators that stay. `folded`: some weight is stored small, and Cast and Mul give
// the float back, which ONNX Runtime folds once, at load, on every version, so that a run costs
// what it cost before (DequantizeLinear would not be folded: it runs again each time). `float`:
// nothing changes, and the decision carries the reason. What is stored, and how, is for stored.cpp
// to say, weight by weight; the operator itself has no say in it.
#include "forms/form.hpp"

namespace octet::forms {
namespace {

std::optional<Offer> offer(const Survey& /*survey*/, graph::NodeId node, const Choice& /*choice*/,
                           Refusal& /*why*/) {
  Offer out;
  out.at = node;
  return out;
}

Gain gain(const Survey& /*survey*/, const Offer& /*offer*/, const cost::Costs& /*costs*/,
          std::int64_t /*unknown*/) {
  return {};
}

// The float comes back under the weight's own name when the store is finished.
void write(WeightStore& /*store*/, const Offer& /*offer*/) {}

}  // namespace

const Form folded = {
    "folded", "Stored as int8 or float16, turned back into float once, when the model is loaded.",
    offer,    gain,
    write,    true};

const Form float_form = {"float", "Left as it is, with the reason.", offer, gain, write, true};

}  // namespace octet::forms
