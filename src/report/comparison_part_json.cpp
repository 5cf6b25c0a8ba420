#include "report/comparison_part_json.hpp"

#include <fmt/format.h>

#include "base/exact_sum_json.hpp"
#include "base/json.hpp"
#include "octet/error.hpp"
#include "octet/fields/options.hpp"

namespace octet::report {
namespace {

constexpr std::string_view kind = "parity shard";

}  // namespace

std::string to_json(const measure::ComparisonPart& part) {
  base::Json out = {{"schema_version", 1}, {"octet", OCTET_VERSION}, {"kind", kind}};
  base::write_fields(out, part);
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace) + "\n";
}

measure::ComparisonPart part_from_json(std::string_view text, const std::string& label) {
  base::Json json = base::parse_json(text, label);
  if (!json.is_object() || json.value("kind", "") != kind) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: not a share of parity; octet parity --shard writes one", label));
  }
  if (json.value("octet", "") != OCTET_VERSION) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("{}: written by another version of Octet; this is {}", label, OCTET_VERSION));
  }
  for (const char* key : {"schema_version", "octet", "kind"}) json.erase(key);
  measure::ComparisonPart part;
  base::read_fields(json, part, label);
  return part;
}

}  // namespace octet::report
