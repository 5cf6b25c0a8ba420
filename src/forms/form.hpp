// A form: one way to write a float operator in INT8. One file per form, one line in forms::all().
//
// A form is asked three things, in this order: what it could do at a node (an offer: possible, not
// yet chosen), what that gains, and, when it was chosen, to write it. Nothing outside this folder
// knows a form by its name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cost/costs.hpp"
#include "forms/survey.hpp"
#include "quant/encoding.hpp"

namespace octet::forms {

class WeightStore;
struct Form;

// Which operators a form emits: com.microsoft's too, or ai.onnx's alone.
enum class Ops : std::uint8_t { none, contrib, standard };
[[nodiscard]] std::string_view name(Ops ops);
[[nodiscard]] std::optional<Ops> ops_named(std::string_view word);
[[nodiscard]] std::vector<std::string> ops_names();

// Why a form cannot or should not be used.
struct Refusal {
  std::string reason;  // a code of docs/forms.md: "narrow", "opset", …
  std::string detail;  // one clause with the numbers
};
// "Not my operator" explains nothing, and is left out of what people read.
[[nodiscard]] Refusal not_my_operator(std::string_view detail);
[[nodiscard]] bool explains(const Refusal& refusal);

// How weights shall lie, and with which operators: the user's options, or a decision of a plan. It
// is honoured or refused, never half.
struct Choice {
  Ops ops = Ops::contrib;
  quant::Encoding products;  // of weights that are multiplied as integers …
  quant::Encoding tables{quant::Kind::int8, quant::Range::full};  // … of rows that are looked up …
  std::map<std::uint32_t, quant::Encoding> by_slot;  // … unless a plan says something else here
  [[nodiscard]] quant::Encoding of(std::uint32_t slot, const quant::Encoding& otherwise) const {
    const auto found = by_slot.find(slot);
    return found == by_slot.end() ? otherwise : found->second;
  }
};

// What a reader wants of one weight.
struct Need {
  std::uint32_t slot = 0;
  graph::ConstantId constant = graph::none;
  View view;         // the order in which it reads the elements
  quant::Axes axes;  // channels, among the view's axes
  quant::Encoding encoding;
  float multiplier = 1;  // it reads multiplier·weight (Gemm's alpha)
  // The float that comes back from whatever is stored will do: the operator stays as it is.
  bool any = false;
  // It reads rows where they lie: no Transpose may stand between.
  bool in_place = false;
  // It multiplies the integers with u8 activations: where the CPU saturates, pairs matter.
  bool multiplied = false;
  // The file holds it as [rows, channels]: the axes before the channels are one.
  bool as_matrix = false;
};

struct Offer {
  const Form* form = nullptr;  // set by whoever asked it
  graph::NodeId at = graph::none;
  std::vector<graph::NodeId> takes;  // nodes that go; `at` first
  std::vector<Need> needs;
  Ops ops = Ops::none;
  std::int64_t bands = 1;      // parts that it works in one after another, to hold less at a time
  std::string reason, detail;  // of the decision, should it be chosen
};

// What an offer is worth where sizes that nobody knows are `unknown` (rows of an activation, ids of
// a lookup).
struct Gain {
  double ns = 0;                // of one run; negative: it costs that much
  std::optional<Refusal> loss;  // set: it does not pay by itself, and why
  bool needs_paying = false;    // it costs time and is worth it where others win more
};

struct Form {
  std::string_view name;
  std::string_view summary;  // one sentence; docs/forms.md opens the form's section with it
  // What is possible at this node; reads no weight. nullopt: nothing, and `why` says it.
  std::optional<Offer> (*offer)(const Survey& survey, graph::NodeId node, const Choice& choice,
                                Refusal& why);
  Gain (*gain)(const Survey& survey, const Offer& offer, const cost::Costs& costs,
               std::int64_t unknown);
  // Edits the model. The weights are stored as needed, or compatibly (see WeightStore).
  void (*write)(WeightStore& store, const Offer& offer);
  bool keeps_operator = false;  // the node stays; only its weights may be stored small
};

// In order of preference. The last two keep the operator: folded with its weights stored small,
// float with its weights as they are.
[[nodiscard]] std::span<const Form> all();
[[nodiscard]] const Form* find(std::string_view name);
// Position in all().
[[nodiscard]] std::size_t rank(const Form& form);
// The form of an operator that stays, and the operators that give its weights back.
[[nodiscard]] const Form& kept(bool stored_small);
[[nodiscard]] Ops kept_ops(bool stored_small);

// A form that stands first in the list while this lives: how a test tries one out. Not for two
// threads.
class ListedForm {
 public:
  explicit ListedForm(const Form& form);
  ListedForm(const ListedForm&) = delete;
  ListedForm& operator=(const ListedForm&) = delete;
  ~ListedForm();
};

// The forms, each in its own file.
extern const Form dynamic_matmul;
extern const Form conv_gemm;
extern const Form dynamic_lstm;
extern const Form quantized_attention;
extern const Form embedding_rows;
extern const Form folded;
extern const Form float_form;

}  // namespace octet::forms
