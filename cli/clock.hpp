// What time it is: nothing that is written depends on it but the date of a report.
#pragma once

#include <string>

namespace octet::cli {

[[nodiscard]] std::string utc_now();  // ISO 8601: "2026-11-25T07:30:00Z"

}  // namespace octet::cli
