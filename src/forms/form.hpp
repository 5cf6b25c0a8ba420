// A form: one way to write a float operator in INT8. One file per form, one line in forms::all().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "forms/weight_store.hpp"
#include "octet/plan.hpp"

namespace octet::forms {

// What the user asked for, as far as it decides whether and how a form can be used.
struct Wishes {
  std::string ops = "contrib";       // contrib | standard
  std::string weight_type = "int8";  // int8 | uint8
  std::string storage = "int8";  // int8 | float16 | float32, for weights that stay float arithmetic
  std::string range = "pair";    // pair | full | reduced
  bool per_channel = true;
  std::int64_t int8_products = 0;  // weights the model multiplies in INT8: what pays for lookups
  std::int64_t table_columns = 0;  // columns of all its tables together
};

// Why a form cannot or should not be used.
struct Refusal {
  std::string reason;  // a code of docs/forms.md: "narrow", "opset", …
  std::string detail;  // one clause with the numbers
};

struct Form {
  std::string_view name;
  std::string_view summary;  // one sentence; docs/forms.md opens the form's section with it
  // nullopt: the form can be used here and pays, and `decision` holds what it would do (form,
  // storage, granularity, range, ops, reason, detail). Else why not.
  std::optional<Refusal> (*consider)(const graph::Graph& graph, const Site& site,
                                     const Wishes& wishes, octet::Decision& decision);
  // nullopt: this decision (read from a plan) can be carried out here. Only what is impossible is
  // refused, not what would be slow.
  std::optional<Refusal> (*check)(const graph::Graph& graph, const Site& site,
                                  const octet::Decision& decision);
  // How the form wants its weight stored.
  Storage (*storage)(const graph::Graph& graph, const Site& site, const octet::Decision& decision);
  // Edits the model. The weight is stored as `storage` said, or compatibly (see plan/apply).
  void (*apply)(WeightStore& store, const Site& site, const octet::Decision& decision);
};

// In order of preference: the planner takes the first that does not refuse. "float" is last and
// never refuses.
[[nodiscard]] std::span<const Form> all();
[[nodiscard]] const Form* find(std::string_view name);

// The forms, each in its own file.
extern const Form dynamic_matmul;
extern const Form embedding_rows;
extern const Form folded;
extern const Form float_form;

}  // namespace octet::forms
