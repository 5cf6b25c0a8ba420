// The Plan as JSON: see docs/plan-format.md. One decision a line, so that a plan reads well in a
// diff.
#include <fmt/format.h>

#include <utility>

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "cost/targets.hpp"
#include "octet/error.hpp"
#include "octet/fields/plan.hpp"
#include "octet/plan.hpp"
#include "plan/json_fields.hpp"
#include "plan/plan_json_v1.hpp"

namespace octet {
namespace {

using plan::Fields;
using plan::Json;

constexpr int newest_version = 2;

template <typename... Parts>
struct Overloaded : Parts... {
  using Parts::operator()...;
};

Fields::Presence presence(const Field& field) {
  return field.required ? Fields::Presence::required : Fields::Presence::optional;
}

// Reads every field that visit_fields names; lists of structs are the caller's.
template <typename Struct, typename ReadList>
Struct struct_from(const Json& object, const std::string& place, ReadList read_list) {
  Struct out;
  Fields fields(object, place);
  visit_fields(out, Overloaded{[&](const Field& field, auto& value) {
                                 fields.read(field.name, value, presence(field));
                               },
                               [&](const Field& field, std::vector<WeightChoice>& weights) {
                                 read_list(*fields.list(field.name, presence(field)), weights);
                               }});
  fields.refuse_unknown();
  return out;
}

Decision decision_from(const Json& object, const std::string& place) {
  const auto no_list = [](const Json&, auto&) {};
  return struct_from<Decision>(object, place, [&](const Json& list, auto& weights) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      weights.push_back(
          struct_from<WeightChoice>(list[i], fmt::format("{}, weight {}", place, i), no_list));
    }
  });
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
  // Text that a caller put in need not be UTF-8; what is not is replaced, and the plan stays JSON.
  const auto text = [](const auto& value) {
    return base::json_of(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  std::string out = "{";
  const auto name = [&](const Field& field) {
    out += fmt::format("{}\n  \"{}\": ", out == "{" ? "" : ",", field.name);
  };
  visit_fields(plan, Overloaded{[&](const Field& field, const auto& value) {
                                  name(field);
                                  out += text(value);
                                },
                                [&](const Field& field, const std::vector<Decision>& decisions) {
                                  name(field);
                                  const char* separator = "[\n    ";
                                  for (const Decision& decision : decisions)
                                    out += std::exchange(separator, ",\n    ") + text(decision);
                                  out += decisions.empty() ? "[]" : "\n  ]";
                                }});
  return out + "\n}\n";
}

Plan plan_from_json(std::string_view text, std::string_view label) {
  const Json document = base::parse_json(text, label);
  Plan plan;
  Fields fields(document, std::string(label));
  int version = 0;
  const Json* decisions = nullptr;
  visit_fields(plan, Overloaded{[&](const Field& field, int&) {  // what is read becomes the newest
                                  fields.read(field.name, version, presence(field));
                                  if (version >= 1 && version <= newest_version) return;
                                  fields.fail(fmt::format(
                                      "has version {}; this octet reads versions 1 to {}", version,
                                      newest_version));
                                },
                                [&](const Field& field, std::string& target) {
                                  fields.read(field.name, target, presence(field));
                                  check_target(target, label);
                                },
                                [&](const Field& field, std::vector<Decision>&) {
                                  decisions = fields.list(field.name, presence(field));
                                }});
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
