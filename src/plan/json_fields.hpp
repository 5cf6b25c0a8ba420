// The fields of one JSON object, read one by one; every complaint names the place.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace octet::plan {

using Json = nlohmann::ordered_json;

class Fields {
 public:
  // `place` opens every complaint: "plan.json: decision 3". Throws Error{invalid_argument} when it
  // is no object, as everything here does.
  Fields(const Json& object, std::string place);

  enum class Presence { optional, required };
  // A missing optional field leaves `out` alone.
  void read(const char* key, std::string& out, Presence presence = Presence::optional);
  void read(const char* key, int& out, Presence presence = Presence::optional);
  void read(const char* key, std::uint64_t& out, Presence presence = Presence::optional);
  void read(const char* key, std::vector<std::int64_t>& out,
            Presence presence = Presence::optional);
  // nullptr: the field is missing and optional.
  const Json* list(const char* key, Presence presence);
  void refuse_unknown() const;
  [[noreturn]] void fail(const std::string& fact) const;

 private:
  const Json* find(const char* key, Presence presence);
  [[noreturn]] void wrong_type(const char* key, const char* wanted) const;

  const Json& object_;
  std::string place_;
  std::vector<std::string> known_;
};

}  // namespace octet::plan
