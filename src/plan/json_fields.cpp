#include "plan/json_fields.hpp"

#include <algorithm>
#include <limits>

#include "octet/error.hpp"

namespace octet::plan {

Fields::Fields(const Json& object, std::string place) : object_(object), place_(std::move(place)) {
  if (!object.is_object()) fail("is not an object");
}

const Json* Fields::find(const char* key, Presence presence) {
  known_.emplace_back(key);
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  if (presence == Presence::required) fail(fmt::format("lacks \"{}\"", key));
  return nullptr;
}

void Fields::wrong_type(const char* key, const char* wanted) const {
  fail(fmt::format("\"{}\" is not {}", key, wanted));
}

void Fields::read(const char* key, std::string& out, Presence presence) {
  const Json* value = find(key, presence);
  if (value == nullptr) return;
  if (!value->is_string()) wrong_type(key, "a text");
  out = value->get<std::string>();
}

void Fields::read(const char* key, int& out, Presence presence) {
  const Json* value = find(key, presence);
  if (value == nullptr) return;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() ||
                     value->get<std::uint64_t>() <= std::numeric_limits<int>::max()) &&
                    value->get<std::int64_t>() >= std::numeric_limits<int>::min() &&
                    value->get<std::int64_t>() <= std::numeric_limits<int>::max();
  if (!fits) wrong_type(key, "a small whole number");
  out = value->get<int>();
}

void Fields::read(const char* key, std::uint64_t& out, Presence presence) {
  const Json* value = find(key, presence);
  if (value == nullptr) return;
  if (!value->is_number_unsigned()) wrong_type(key, "a whole number from 0 on");
  out = value->get<std::uint64_t>();
}

void Fields::read(const char* key, std::vector<std::int64_t>& out, Presence presence) {
  const Json* value = find(key, presence);
  if (value == nullptr) return;
  out.clear();
  if (!value->is_array()) wrong_type(key, "a list of whole numbers");
  for (const Json& one : *value) {
    if (!one.is_number_integer()) wrong_type(key, "a list of whole numbers");
    out.push_back(one.get<std::int64_t>());
  }
}

const Json* Fields::list(const char* key, Presence presence) {
  const Json* value = find(key, presence);
  if (value != nullptr && !value->is_array()) wrong_type(key, "a list");
  return value;
}

void Fields::refuse_unknown() const {
  for (const auto& [key, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end())
      fail(fmt::format("has an unknown field \"{}\"", key));
  }
}

void Fields::fail(const std::string& fact) const {
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: {}; see docs/plan-format.md", place_, fact));
}

}  // namespace octet::plan
