#include "octet/options_json.hpp"

#include <utility>

#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "octet/fields/options.hpp"
#include "octet/fields/plan.hpp"

namespace octet {

namespace base {
template <>
inline constexpr bool has_no_json<octet::Array> = true;
}  // namespace base

namespace {

constexpr std::string_view label = "options";

template <typename Options>
void read_parsed(base::Json json, Options& options) {
  if constexpr (requires { options.plan; }) {  // plans of older versions are read too
    const auto plan = json.is_object() ? json.find("plan") : json.end();
    if (plan != json.end()) {
      if (!plan->is_null()) options.plan = plan_from_json(plan->dump(), "options.plan");
      json.erase("plan");
    }
  }
  base::read_fields(json, options, std::string(label));
}

template <typename Options>
void read(std::string_view text, Options& options) {
  if (text.empty()) return;
  read_parsed(base::parse_json(text, label), options);
}

}  // namespace

void read_json(std::string_view text, QuantizeOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, PlanOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, ParityOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, BenchOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, PredictOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, SensitivityOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, ExportOptions& options) {
  read(text, options);
}
void read_json(std::string_view text, RuntimeOptions& options) {
  read(text, options);
}

std::string read_sharded(std::string_view text, ParityOptions& options) {
  if (text.empty()) return "";
  base::Json json = base::parse_json(text, label);
  std::string shard;
  if (json.is_object() && json.contains("shard")) {
    base::read_value(json["shard"], shard, "options.shard");
    json.erase("shard");
  }
  read_parsed(std::move(json), options);
  return shard;
}

std::vector<ShardText> read_shards(std::string_view text) {
  const base::Json json = base::parse_json(text, label);
  std::vector<std::string> texts;
  if (!json.is_object() || json.size() != 1 || !json.contains("shards"))
    base::refuse_field(std::string(label), "is not {\"shards\": [...]}");
  base::read_value(json["shards"], texts, "options.shards");
  std::vector<ShardText> out;
  for (std::string& one : texts)
    out.push_back({"share " + std::to_string(out.size() + 1) + " given", std::move(one)});
  return out;
}

}  // namespace octet
