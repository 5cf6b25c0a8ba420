// The Plan as JSON: see docs/plan-format.md. One decision a line, so that a plan reads well in a
// diff.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <type_traits>
#include <utility>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "octet/plan.hpp"

namespace octet {
namespace {

using nlohmann::ordered_json;

constexpr int plan_version = 1;

ordered_json to_object(const Decision& d) {
  return {{"node", d.node},
          {"op", d.op},
          {"weight", d.weight},
          {"input", d.input},
          {"shape", d.shape},
          {"form", d.form},
          {"storage", d.storage},
          {"granularity", d.granularity},
          {"range", d.range},
          {"ops", d.ops},
          {"reason", d.reason},
          {"detail", d.detail},
          {"bytes_before", d.bytes_before},
          {"bytes_after", d.bytes_after}};
}

// Reads fields one by one; every complaint names the place.
class Fields {
 public:
  Fields(const ordered_json& object, std::string place)
      : object_(object), place_(std::move(place)) {
    if (!object.is_object()) fail("is not an object");
  }

  template <typename T>
  void read(const char* key, T& out, bool required = false) {
    known_.emplace_back(key);
    const auto found = object_.find(key);
    if (found == object_.end()) {
      if (required) fail(fmt::format("lacks \"{}\"", key));
      return;
    }
    // Not true, not 1.5, not 4294967297: a number is read as written or not at all.
    if constexpr (std::is_integral_v<T>) {
      const bool negative = found->is_number_integer() && !found->is_number_unsigned();
      if (!found->is_number_integer() ||
          !(negative ? std::in_range<T>(found->template get<std::int64_t>())
                     : std::in_range<T>(found->template get<std::uint64_t>()))) {
        fail(fmt::format("\"{}\" is not a whole number in range", key));
      }
    }
    try {
      out = found->template get<T>();
    } catch (const ordered_json::exception&) {
      fail(fmt::format("\"{}\" has the wrong type", key));
    }
  }

  void one_of(const char* key, std::string& out, const std::vector<std::string>& allowed,
              bool required = false) {
    read(key, out, required);
    for (const std::string& value : allowed) {
      if (out == value) return;
    }
    fail(fmt::format("\"{}\" is \"{}\"; one of {} is needed", key, out, fmt::join(allowed, ", ")));
  }

  void refuse_unknown() const {
    for (const auto& [key, value] : object_.items()) {
      bool known = false;
      for (const std::string& name : known_) known = known || name == key;
      if (!known) fail(fmt::format("has an unknown field \"{}\"", key));
    }
  }

  [[noreturn]] void fail(const std::string& fact) const {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: {}; see docs/plan-format.md", place_, fact));
  }

 private:
  const ordered_json& object_;
  std::string place_;
  std::vector<std::string> known_;
};

Decision decision_from(const ordered_json& object, const std::string& place) {
  Decision d;
  Fields fields(object, place);
  fields.read("node", d.node, true);
  fields.read("op", d.op);
  fields.read("weight", d.weight, true);
  fields.read("input", d.input, true);
  fields.read("shape", d.shape);
  fields.read("form", d.form, true);
  fields.one_of("storage", d.storage, {"int8", "uint8", "float16", "float32"});
  fields.one_of("granularity", d.granularity, {"per_channel", "per_tensor", "none"});
  fields.one_of("range", d.range, {"pair", "full", "reduced", "none"});
  fields.one_of("ops", d.ops, {"contrib", "standard", "none"});
  fields.read("reason", d.reason);
  fields.read("detail", d.detail);
  fields.read("bytes_before", d.bytes_before);
  fields.read("bytes_after", d.bytes_after);
  fields.refuse_unknown();
  return d;
}

}  // namespace

std::string to_json(const Plan& plan) {
  std::string out = fmt::format("{{\n  \"version\": {},\n  \"target\": {},\n  \"decisions\": [",
                                plan.version, ordered_json(plan.target).dump());
  const char* separator = "\n";
  for (const Decision& decision : plan.decisions) {
    // A name in a model file need not be UTF-8; what is not is replaced, and the plan stays JSON.
    out += separator;
    out +=
        "    " + to_object(decision).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    separator = ",\n";
  }
  out += plan.decisions.empty() ? "]\n}\n" : "\n  ]\n}\n";
  return out;
}

Plan plan_from_json(std::string_view text, std::string_view label) {
  const ordered_json document = base::parse_json(text, label);
  Plan plan;
  Fields fields(document, std::string(label));
  fields.read("version", plan.version, true);
  if (plan.version != plan_version) {
    fields.fail(
        fmt::format("has version {}; this octet reads version {}", plan.version, plan_version));
  }
  fields.one_of("target", plan.target, {"portable", "avx2", "vnni", "arm64"});
  ordered_json decisions = ordered_json::array();
  fields.read("decisions", decisions, true);
  fields.refuse_unknown();
  if (!decisions.is_array()) fields.fail("\"decisions\" is not a list");
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    plan.decisions.push_back(decision_from(decisions[i], fmt::format("{}: decision {}", label, i)));
  }
  return plan;
}

}  // namespace octet
