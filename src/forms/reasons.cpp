#include "forms/reasons.hpp"

#include <array>

namespace octet::forms {
namespace {

constexpr std::array all_reasons = {
    Reason{"fast", "dynamic_matmul, conv_gemm, dynamic_lstm, quantized_attention"},
    Reason{"table", "embedding_rows, folded"},
    Reason{"grouped", "folded, float"},
    Reason{"window", "folded, float"},
    Reason{"conv", "folded"},
    Reason{"depthwise", "folded"},
    Reason{"storage_only", "folded"},
    Reason{"narrow", "folded, float"},
    Reason{"runtime_fault", "folded, float"},
    Reason{"small", "folded, float"},
    Reason{"operand", "folded, float"},
    Reason{"shared", "folded, float"},
    Reason{"rank", "folded, float"},
    Reason{"axis", "folded, float"},
    Reason{"alpha", "folded, float"},
    Reason{"opset", "folded, float"},
    Reason{"ops", "folded, float"},
    Reason{"recurrence", "folded, float"},
    Reason{"attention", "folded, float"},
    Reason{"half", "float"},
    Reason{"tiny", "float"},
    Reason{"vector", "float"},
    Reason{"huge", "float"},
    Reason{"type", "float"},
    Reason{"not_constant", "float"},
    Reason{"not_finite", "float"},
    Reason{"output", "float"},
    Reason{"range", "float"},
    Reason{"in_function", "float"},
    Reason{"storage", "float"},
    Reason{"excluded", "float"},
    Reason{"undecided", "float"},
    Reason{"repaired", "folded, float"},
    Reason{"slower", "folded, float"},
    Reason{"tuned", "float"},
    Reason{"chosen", "folded, float"},
    Reason{"plan", "any"},
};

}  // namespace

std::span<const Reason> reasons() {
  return all_reasons;
}

bool may_explain(std::string_view code, const Form& form) {
  for (const Reason& reason : all_reasons) {
    if (reason.code == code)
      return reason.forms == "any" || reason.forms.find(form.name) != std::string_view::npos;
  }
  return !code.empty();
}

}  // namespace octet::forms
