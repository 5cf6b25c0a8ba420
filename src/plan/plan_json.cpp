// The Plan as JSON: see docs/plan-format.md. One decision a line, so that a plan reads well in a
// diff.
#include <fmt/format.h>

#include "base/json.hpp"
#include "cost/targets.hpp"
#include "octet/error.hpp"
#include "octet/plan.hpp"
#include "plan/json_fields.hpp"
#include "plan/plan_json_v1.hpp"

namespace octet {
namespace {

using plan::Fields;
using plan::Json;

constexpr int newest_version = 2;

Json to_object(const WeightChoice& w) {
  Json out = {{"input", w.input}, {"name", w.name},       {"type", w.type},
              {"shape", w.shape}, {"storage", w.storage}, {"granularity", w.granularity},
              {"range", w.range}};
  if (!w.reason.empty()) out["reason"] = w.reason;
  if (!w.detail.empty()) out["detail"] = w.detail;
  out["bytes_before"] = w.bytes_before;
  out["bytes_after"] = w.bytes_after;
  return out;
}

Json to_object(const Decision& d) {
  Json weights = Json::array();
  for (const WeightChoice& weight : d.weights) weights.push_back(to_object(weight));
  return {{"node", d.node},     {"op", d.op},         {"form", d.form},    {"ops", d.ops},
          {"weights", weights}, {"reason", d.reason}, {"detail", d.detail}};
}

WeightChoice weight_from(const Json& object, const std::string& place) {
  using enum Fields::Presence;
  WeightChoice w;
  Fields fields(object, place);
  fields.read("input", w.input, required);
  fields.read("name", w.name, required);
  fields.read("type", w.type);
  fields.read("shape", w.shape);
  fields.read("storage", w.storage, required);
  fields.read("granularity", w.granularity, required);
  fields.read("range", w.range, required);
  fields.read("reason", w.reason);
  fields.read("detail", w.detail);
  fields.read("bytes_before", w.bytes_before);
  fields.read("bytes_after", w.bytes_after);
  fields.refuse_unknown();
  return w;
}

Decision decision_from(const Json& object, const std::string& place) {
  using enum Fields::Presence;
  Decision d;
  Fields fields(object, place);
  fields.read("node", d.node, required);
  fields.read("op", d.op);
  fields.read("form", d.form, required);
  fields.read("ops", d.ops, required);
  const Json* weights = fields.list("weights", required);
  fields.read("reason", d.reason);
  fields.read("detail", d.detail);
  fields.refuse_unknown();
  for (std::size_t i = 0; i < weights->size(); ++i)
    d.weights.push_back(weight_from((*weights)[i], fmt::format("{}, weight {}", place, i)));
  return d;
}

// Throws Error{invalid_argument} naming the targets.
void check_target(const std::string& target, std::string_view label) {
  try {
    (void)cost::cpus_of(target);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: {}", label, error.what()));
  }
}

}  // namespace

std::string to_json(const Plan& plan) {
  std::string out =
      fmt::format("{{\n  \"version\": {},\n  \"target\": {},\n  \"decisions\": [", plan.version,
                  Json(plan.target).dump(-1, ' ', false, Json::error_handler_t::replace));
  const char* separator = "\n";
  for (const Decision& decision : plan.decisions) {
    // Text that a caller put in need not be UTF-8; what is not is replaced, and the plan stays
    // JSON.
    out += separator;
    out += "    " + to_object(decision).dump(-1, ' ', false, Json::error_handler_t::replace);
    separator = ",\n";
  }
  out += plan.decisions.empty() ? "]\n}\n" : "\n  ]\n}\n";
  return out;
}

Plan plan_from_json(std::string_view text, std::string_view label) {
  using enum Fields::Presence;
  const Json document = base::parse_json(text, label);
  Plan plan;
  Fields fields(document, std::string(label));
  int version = 0;
  fields.read("version", version, required);
  if (version < 1 || version > newest_version) {
    fields.fail(
        fmt::format("has version {}; this octet reads versions 1 to {}", version, newest_version));
  }
  fields.read("target", plan.target);
  check_target(plan.target, label);
  const Json* decisions = fields.list("decisions", required);
  fields.refuse_unknown();
  if (version == 1) {
    plan.decisions = plan::decisions_of_version_1(*decisions, std::string(label));
    return plan;
  }
  for (std::size_t i = 0; i < decisions->size(); ++i) {
    plan.decisions.push_back(
        decision_from((*decisions)[i], fmt::format("{}: decision {}", label, i)));
  }
  return plan;
}

}  // namespace octet
