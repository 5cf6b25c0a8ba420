#include "forms/form.hpp"

#include <array>

namespace octet::forms {

std::span<const Form> all() {
  static const std::array<Form, 4> forms = {dynamic_matmul, embedding_rows, folded, float_form};
  return forms;
}

const Form* find(std::string_view name) {
  for (const Form& form : all()) {
    if (form.name == name) return &form;
  }
  return nullptr;
}

}  // namespace octet::forms
