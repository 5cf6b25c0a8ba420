// An error as a JSON document, for programs that read what --json writes.
#pragma once

#include <string>
#include <string_view>

#include "octet/error.hpp"

namespace octet {

struct Failure {
  std::string code;  // as ErrorCode names it; "usage", "crashed", "out_of_memory", "internal"
  std::string message;
  int exit_code = 2;
};

// "invalid_data"
[[nodiscard]] std::string_view name_of(ErrorCode code);

// One JSON object, whose "error" has the fields of Failure by name.
[[nodiscard]] std::string to_json(const Failure& failure);

}  // namespace octet
