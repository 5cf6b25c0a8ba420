// The form of everything that stays as it is. Its decisions carry the reason another form gave.
#include "forms/form.hpp"

namespace octet::forms {
namespace {

std::optional<Refusal> consider(const graph::Graph& /*graph*/, const Site& /*site*/,
                                const Wishes& /*wishes*/, octet::Decision& decision) {
  decision.form = "float";
  decision.storage = "float32";
  decision.granularity = "none";
  decision.range = "none";
  decision.ops = "none";
  return std::nullopt;
}

std::optional<Refusal> check(const graph::Graph& /*graph*/, const Site& /*site*/,
                             const octet::Decision& /*decision*/) {
  return std::nullopt;
}

Storage storage(const graph::Graph& /*graph*/, const Site& /*site*/,
                const octet::Decision& /*decision*/) {
  return {};
}

void apply(WeightStore& /*store*/, const Site& /*site*/, const octet::Decision& /*decision*/) {}

}  // namespace

const Form float_form = {"float", "Left as it is, with the reason.", consider, check, storage,
                         apply};

}  // namespace octet::forms
