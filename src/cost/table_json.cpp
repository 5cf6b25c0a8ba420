// A table as JSON, in and out: the names of kinds and terms are those of formula.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "cost/table.hpp"
#include "octet/error.hpp"

namespace octet::cost {
namespace {

using Json = nlohmann::ordered_json;

// A quarter of an hour for one term: beyond it sums of terms could no longer be told apart.
constexpr double most_nanoseconds = 1e12;

// An object whose fields are taken one by one; every complaint names the place.
class Fields {
 public:
  Fields(const Json& object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object.is_object()) fail("is not an object");
  }

  const Json& take(std::string_view key) {
    known_.push_back(key);
    const auto found = object_.find(key);
    if (found == object_.end()) fail(fmt::format("lacks \"{}\"", key));
    return *found;
  }

  std::string text(std::string_view key) {
    const Json& value = take(key);
    if (!value.is_string()) fail(fmt::format("\"{}\" is not a text", key));
    return value.get<std::string>();
  }

  bool flag(std::string_view key) {
    const Json& value = take(key);
    if (!value.is_boolean()) fail(fmt::format("\"{}\" is neither true nor false", key));
    return value.get<bool>();
  }

  double nanoseconds(std::string_view key) {
    const Json& value = take(key);
    const double ns = value.is_number() ? value.get<double>() : -1;
    if (!(ns >= 0 && ns <= most_nanoseconds)) {
      fail(fmt::format("\"{}\" is not a number of nanoseconds from 0 to {:g}", key,
                       most_nanoseconds));
    }
    return ns;
  }

  void refuse_unknown() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        fail(fmt::format("has an unknown field \"{}\"", key));
      }
    }
  }

  [[noreturn]] void fail(const std::string& fact) const {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: {}; see docs/costs.md", place_, fact));
  }

 private:
  const Json& object_;
  std::string place_;
  std::vector<std::string_view> known_;
};

// A rate of 0 for everything would make the time 0, and a ratio of it nothing.
Terms terms_from(const Json& object, const std::string& place, Kind kind, Arithmetic arithmetic) {
  Terms out = {};
  Fields fields(object, place);
  const auto terms = term_names(kind, arithmetic);
  for (std::size_t i = 0; i < terms.size(); ++i) out.at(i) = fields.nanoseconds(terms[i]);
  fields.refuse_unknown();
  if (out.front() == 0) fields.fail("\"call\" is 0; no call takes no time");
  return out;
}

Rates rates_from(const Json& object, const std::string& place, Kind kind) {
  Rates out;
  Fields fields(object, place);
  out.measured = fields.flag("measured");
  out.source = fields.text("source");
  out.real = terms_from(fields.take("float"), place + ".float", kind, Arithmetic::real);
  out.int8 = terms_from(fields.take("int8"), place + ".int8", kind, Arithmetic::int8);
  fields.refuse_unknown();
  return out;
}

Json to_object(const Terms& rates, Kind kind, Arithmetic arithmetic) {
  Json out = Json::object();
  const auto terms = term_names(kind, arithmetic);
  for (std::size_t i = 0; i < terms.size(); ++i) out[std::string(terms[i])] = rates.at(i);
  return out;
}

}  // namespace

Table table_from_json(std::string_view text, std::string_view label) {
  Json document;
  try {
    document = Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: not JSON: {}", label, error.what()));
  }
  Table table;
  Fields fields(document, std::string(label));
  table.target = fields.text("target");
  table.saturates = fields.flag("saturates");
  for (const Kind kind : all_kinds) {
    const std::string place = fmt::format("{}: {}", label, name_of(kind));
    table.of(kind) = rates_from(fields.take(name_of(kind)), place, kind);
  }
  fields.refuse_unknown();
  return table;
}

std::string to_json(const Table& table) {
  Json out = {{"target", table.target}, {"saturates", table.saturates}};
  for (const Kind kind : all_kinds) {
    const Rates& rates = table.of(kind);
    out[std::string(name_of(kind))] = {{"measured", rates.measured},
                                       {"source", rates.source},
                                       {"float", to_object(rates.real, kind, Arithmetic::real)},
                                       {"int8", to_object(rates.int8, kind, Arithmetic::int8)}};
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace octet::cost
