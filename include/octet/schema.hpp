// The JSON documents that Octet writes, described as JSON Schema (draft 2020-12): docs/schema.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace octet {

// "parity-report", "plan", …
[[nodiscard]] std::vector<std::string> schema_names();

// Made from the same fields as the documents themselves. A newer Octet may add fields, so that none
// is forbidden. Throws Error{invalid_argument} for a name that is not in schema_names().
[[nodiscard]] std::string json_schema(std::string_view name);

}  // namespace octet
