#include "forms/form.hpp"

#include <array>

namespace octet::forms {
namespace {

constexpr std::string_view other_operator = "op";

struct OpsWord {
  Ops value;
  std::string_view name;
};
constexpr std::array ops_words = {OpsWord{Ops::none, "none"}, OpsWord{Ops::contrib, "contrib"},
                                  OpsWord{Ops::standard, "standard"}};

std::vector<Form>& list() {
  static std::vector<Form> forms = {dynamic_matmul, conv_gemm, dynamic_lstm, quantized_attention,
                                    embedding_rows, folded,    float_form};
  return forms;
}

}  // namespace

std::string_view name(Ops ops) {
  for (const OpsWord& word : ops_words) {
    if (word.value == ops) return word.name;
  }
  return "";
}

std::optional<Ops> ops_named(std::string_view text) {
  for (const OpsWord& word : ops_words) {
    if (word.name == text) return word.value;
  }
  return std::nullopt;
}

std::vector<std::string> ops_names() {
  std::vector<std::string> out;
  for (const OpsWord& word : ops_words) out.emplace_back(word.name);
  return out;
}

Refusal not_my_operator(std::string_view detail) {
  return {std::string(other_operator), std::string(detail)};
}

bool explains(const Refusal& refusal) {
  return !refusal.reason.empty() && refusal.reason != other_operator;
}

std::span<const Form> all() {
  return list();
}

ListedForm::ListedForm(const Form& form) {
  list().insert(list().begin(), form);
}

ListedForm::~ListedForm() {
  list().erase(list().begin());
}

const Form* find(std::string_view name) {
  for (const Form& form : all()) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

std::size_t rank(const Form& form) {
  const auto forms = all();
  std::size_t i = 0;
  while (i < forms.size() && forms[i].name != form.name) ++i;
  return i;
}

Ops kept_ops(bool stored_small) {
  return stored_small ? Ops::standard : Ops::none;
}

const Form& kept(bool stored_small) {
  return *find(stored_small ? folded.name : float_form.name);
}

}  // namespace octet::forms
