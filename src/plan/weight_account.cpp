#include "plan/weight_account.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "quant/encoding.hpp"

namespace octet::plan {
namespace {

constexpr std::uint64_t listed_bytes = 1024;

bool is_integer(const octet::WeightAccount& weight) {
  return weight.storage == quant::name(quant::Kind::int8) ||
         weight.storage == quant::name(quant::Kind::uint8);
}

// Whose reason says that it is no weight of an operator that has an INT8 form or storage.
bool could_be_integer(const octet::WeightAccount& weight) {
  return weight.reason != "operand" && weight.reason != "vector" && weight.reason != "tiny" &&
         weight.reason != "unread";
}

}  // namespace

std::vector<octet::WeightAccount> weight_accounts(const forms::Survey& survey,
                                                  const octet::Plan& plan) {
  const graph::Graph& graph = survey.graph();
  std::vector<octet::WeightAccount> out;
  for (const graph::Constant& constant : graph.constants()) {
    octet::WeightAccount one;
    one.name = forms::readable(constant.tensor.name);
    one.scope = forms::readable(graph.scope(constant.scope).path);
    one.type = base::element_name(constant.tensor.type);
    one.shape = constant.tensor.dims;
    one.bytes = one.bytes_after = constant.tensor.size_bytes();
    one.storage = one.type;
    if (forms::is_weight(constant.tensor)) one.reason = "unread";
    out.push_back(std::move(one));
  }
  for (const octet::Decision& decision : plan.decisions) {
    const auto node = survey.labels().find(decision.node);
    for (const octet::WeightChoice& choice : decision.weights) {
      const forms::Place* place =
          node ? survey.place(*node, static_cast<std::uint32_t>(choice.input)) : nullptr;
      if (place == nullptr || place->source.constant == graph::none) continue;
      octet::WeightAccount& one = out[place->source.constant];
      if (!one.form.empty()) continue;  // the first reader's decision says how it is stored
      const bool stays = choice.storage == quant::name(quant::Kind::float32);
      one.form = stays ? "float" : decision.form;
      one.storage = stays ? one.type : choice.storage;
      one.reason = choice.reason.empty() ? decision.reason : choice.reason;
      if (choice.bytes_before != 0) one.bytes_after = choice.bytes_after;
    }
  }
  return out;
}

void account_weights(const forms::Survey& survey, octet::QuantizeReport& report) {
  std::uint64_t integers = 0;
  const auto& constants = survey.graph().constants();
  std::vector<octet::WeightAccount> all = weight_accounts(survey, report.plan);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!forms::is_weight(constants[i].tensor)) continue;
    report.weight_bytes_before += all[i].bytes;
    report.weight_bytes_after += all[i].bytes_after;
    if (is_integer(all[i])) integers += all[i].bytes;
    if (all[i].bytes < listed_bytes)
      report.small_weight_bytes += all[i].bytes;
    else
      report.weights.push_back(std::move(all[i]));
  }
  std::stable_sort(report.weights.begin(), report.weights.end(),
                   [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  if (report.weight_bytes_before != 0)
    report.int8_share =
        static_cast<double>(integers) / static_cast<double>(report.weight_bytes_before);
}

std::string shortfall(const octet::QuantizeReport& report, const octet::QuantizeOptions& options) {
  if (report.int8_share < options.require_share) {
    return fmt::format(
        "{:.1f} % of the weights' bytes are in INT8, --require-share asks for {:.1f} %; the "
        "weights "
        "left float are listed by `octet inspect`",
        100 * report.int8_share, 100 * options.require_share);
  }
  if (!options.strict) return "";
  for (const octet::WeightAccount& weight : report.weights) {
    if (is_integer(weight) || !could_be_integer(weight)) continue;
    return fmt::format("--strict: \"{}{}\" ({} bytes) is stored as {} ({})", weight.scope,
                       weight.name, weight.bytes, weight.storage, weight.reason);
  }
  return "";
}

}  // namespace octet::plan
