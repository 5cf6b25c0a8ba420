// The reason codes of plans, and what each may explain: the table of docs/forms.md, "Reasons".
#pragma once

#include <span>
#include <string_view>

#include "forms/form.hpp"

namespace octet::forms {

struct Reason {
  std::string_view code;
  std::string_view forms;  // "folded, float"; "any"
};
[[nodiscard]] std::span<const Reason> reasons();

// A reason that was given for something else (a plan edited by hand) explains nothing. Codes
// nobody knows are the user's own and explain what they stand at.
[[nodiscard]] bool may_explain(std::string_view code, const Form& form);

}  // namespace octet::forms
