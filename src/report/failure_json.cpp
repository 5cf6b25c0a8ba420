#include <array>

#include "base/json_writer.hpp"
#include "octet/failure.hpp"
#include "octet/fields/reports.hpp"

namespace octet {

std::string_view name_of(ErrorCode code) {
  constexpr std::array<std::string_view, 9> names = {
      "invalid_argument", "invalid_model",  "invalid_data", "io",       "unsupported",
      "runtime_missing",  "runtime_failed", "cancelled",    "timed_out"};  // as declared
  return names.at(static_cast<std::size_t>(code));
}

std::string to_json(const Failure& failure) {
  base::Json out = {{"schema_version", 1}, {"octet", OCTET_VERSION}};
  out["error"] = base::json_of(failure);
  return out.dump(2, ' ', false, base::Json::error_handler_t::replace) + "\n";
}

}  // namespace octet
