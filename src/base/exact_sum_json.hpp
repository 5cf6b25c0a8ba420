// An exact sum as JSON: its digits, and what no digits hold.
#pragma once

#include "base/exact_sum.hpp"
#include "base/json_reader.hpp"
#include "base/json_writer.hpp"

namespace octet::base {

[[nodiscard]] inline Json json_of(const ExactSum& sum) {
  return {{"digits", sum.digits()}, {"unbounded", number(sum.unbounded())}};
}

inline void read_value(const Json& json, ExactSum& into, const std::string& place) {
  std::vector<std::int64_t> digits;
  double unbounded = 0;
  if (!json.is_object() || json.size() != 2 || !json.contains("digits") ||
      !json.contains("unbounded"))
    refuse_field(place, "is no exact sum");
  read_value(json["digits"], digits, place + ".digits");
  read_value(json["unbounded"], unbounded, place + ".unbounded");
  if (!into.read(digits, unbounded)) refuse_field(place, "is no exact sum");
}

}  // namespace octet::base
