// What include/octet/fields names, as JSON Schema: the type of a field is the type of its JSON.
#include "octet/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/json_writer.hpp"
#include "octet/error.hpp"
#include "octet/failure.hpp"
#include "octet/fields/options.hpp"
#include "octet/fields/reports.hpp"

namespace octet {
namespace {

using Json = nlohmann::ordered_json;

// A type that no specialisation below describes is an object with fields.
template <typename T>
struct Described {
  static Json schema() {
    Json properties = Json::object();
    Json required = Json::array();
    const T object{};
    visit_fields(object, [&](const Field& field, const auto& value) {
      properties[field.name] = Described<std::decay_t<decltype(value)>>::schema();
      if (!field.left_out) required.push_back(field.name);
    });
    return {{"type", "object"}, {"properties", properties}, {"required", required}};
  }
};
template <typename T>
requires(std::is_same_v<T, std::string> || std::is_enum_v<T>) struct Described<T> {
  static Json schema() { return {{"type", "string"}}; }
};
template <>
struct Described<bool> {
  static Json schema() { return {{"type", "boolean"}}; }
};
template <std::integral T>
struct Described<T> {
  static Json schema() {
    if constexpr (std::is_signed_v<T>) return {{"type", "integer"}};
    return {{"type", "integer"}, {"minimum", 0}};
  }
};
template <>
struct Described<double> {
  static Json schema() {
    return {{"anyOf", {{{"type", "number"}}, {{"enum", {"nan", "inf", "-inf"}}}}}};
  }
};
template <typename T>
struct Described<std::optional<T>> {
  static Json schema() {
    return {{"anyOf", Json::array({Described<T>::schema(), {{"type", "null"}}})}};
  }
};
template <typename T>
struct Described<std::vector<T>> {
  static Json schema() { return {{"type", "array"}, {"items", Described<T>::schema()}}; }
};
template <typename T>
struct Described<std::map<std::string, T>> {
  static Json schema() {
    return {{"type", "object"}, {"additionalProperties", Described<T>::schema()}};
  }
};
template <typename T>
struct Described<std::vector<std::pair<std::string, T>>> : Described<std::map<std::string, T>> {};

template <>
struct Described<std::filesystem::path> : Described<std::string> {};

// Options of the C interface: nothing is required; with the default of each field and what it is
// for.
template <typename Options>
Json options_within() {
  Json properties = Json::object();
  const Options object{};
  visit_fields(object, [&](const Field& field, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, std::vector<Array>>) {
      return;  // tensors go in by pointer
    } else if constexpr (std::is_same_v<Value, std::optional<Plan>>) {
      properties[field.name] = {{"$ref", "plan.json"}};
    } else if constexpr (HasFields<Value>) {
      properties[field.name] = options_within<Value>();
    } else {
      Json& property = properties[field.name] = Described<Value>::schema();
      if constexpr (std::is_same_v<Value, std::filesystem::path>) {
        property["default"] = value.string();
      } else if constexpr (std::is_same_v<Value, std::vector<std::filesystem::path>>) {
        property["default"] = Json::array();
      } else {
        property["default"] = base::json_of(value);
      }
      if (field.values != nullptr) property["description"] = fmt::format("One of {}", field.values);
    }
  });
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

Json head(const char* title) {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
}

// A document with the envelope of src/report/report_json.cpp.
template <typename Report>
Json document(const char* title) {
  Json out = head(title);
  const Json fields = Described<Report>::schema();
  out["type"] = "object";
  out["properties"] = {{"schema_version", {{"const", 1}}}, {"octet", {{"type", "string"}}}};
  out["properties"].update(fields["properties"]);
  out["required"] = {"schema_version", "octet"};
  for (const Json& name : fields["required"]) out["required"].push_back(name);
  return out;
}

struct ErrorDocument {
  Failure error;
};
template <FieldsOf<ErrorDocument> T, typename Visitor>
void visit_fields(T& document, Visitor&& visit) {
  visit(Field{.name = "error"}, document.error);
}

template <typename Options>
Json options(const char* title) {
  Json out = head(title);
  out.update(options_within<Options>());
  return out;
}

Json plan() {
  Json out = head("A plan: octet quantize --save-plan, --plan");
  out.update(Described<Plan>::schema());
  return out;
}

// A row of octet predict --format jsonl: an output each.
Json prediction() {
  Json out = head("A line of octet predict --format jsonl: each output by its name");
  out["type"] = "object";
  out["additionalProperties"] = {{"type", {"number", "string", "boolean", "array", "object"}}};
  return out;
}

const std::map<std::string, Json (*)()>& schemas() {
  static const std::map<std::string, Json (*)()> all = {
      {"bench-report", [] { return document<BenchReport>("octet bench --json"); }},
      {"error",
       [] { return document<ErrorDocument>("Any command with --json that ends with code 2"); }},
      {"export-report", [] { return document<ExportReport>("octet export --json"); }},
      {"inspection", [] { return document<Inspection>("octet inspect --json"); }},
      {"parity-report",
       [] { return document<ParityReport>("octet parity --json, and the file of --report"); }},
      {"plan", plan},
      {"prediction", prediction},
      {"quantize-report", [] { return document<QuantizeReport>("octet quantize --json"); }},
      {"sensitivity-report",
       [] { return document<SensitivityReport>("octet sensitivity --json"); }},
      {"bench-options", [] { return options<BenchOptions>("Options of octet_bench"); }},
      {"export-options", [] { return options<ExportOptions>("Options of octet_export"); }},
      {"parity-options", [] { return options<ParityOptions>("Options of octet_parity"); }},
      {"plan-options", [] { return options<PlanOptions>("Options of octet_inspect"); }},
      {"predict-options", [] { return options<PredictOptions>("Options of octet_predict"); }},
      {"quantize-options", [] { return options<QuantizeOptions>("Options of octet_quantize"); }},
      {"runtime-options", [] { return options<RuntimeOptions>("Options of octet_version"); }},
      {"sensitivity-options",
       [] { return options<SensitivityOptions>("Options of octet_sensitivity"); }},
      {"tune-report", [] { return document<TuneReport>("octet tune --json"); }},
      {"version", [] { return document<VersionInfo>("octet version --json"); }},
  };
  return all;
}

}  // namespace

std::vector<std::string> schema_names() {
  std::vector<std::string> out;
  for (const auto& [name, make] : schemas()) out.push_back(name);
  return out;
}

std::string json_schema(std::string_view name) {
  const auto found = schemas().find(std::string(name));
  if (found == schemas().end()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("there is no schema \"{}\", only {}", name,
                                                         fmt::join(schema_names(), ", ")));
  }
  return found->second().dump(2) + "\n";
}

}  // namespace octet
