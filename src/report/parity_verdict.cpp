#include <fmt/format.h>

#include "base/json.hpp"
#include "octet/error.hpp"
#include "octet/parity.hpp"

namespace octet {

ParityVerdict verdict_from_json(std::string_view text, std::string_view label) {
  const nlohmann::ordered_json report = base::parse_json(text, label);
  const auto passed = report.find("passed");
  const auto candidate = report.find("candidate");
  if (!report.is_object() || passed == report.end() || !passed->is_boolean() ||
      candidate == report.end() || !candidate->is_string()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("{}: not a parity report; octet parity writes one", label));
  }
  return {candidate->get<std::string>(), passed->get<bool>()};
}

}  // namespace octet
