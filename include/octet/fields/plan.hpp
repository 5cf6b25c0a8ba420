// The fields of a plan: what its JSON is written and read by (docs/plan-format.md).
#pragma once

#include "octet/fields/field.hpp"
#include "octet/plan.hpp"

namespace octet {

template <FieldsOf<WeightChoice> T, typename Visitor>
void visit_fields(T& weight, Visitor&& visit) {
  visit(Field{.name = "input", .required = true}, weight.input);
  visit(Field{.name = "name", .required = true}, weight.name);
  visit(Field{.name = "type"}, weight.type);
  visit(Field{.name = "shape"}, weight.shape);
  visit(Field{.name = "storage", .required = true}, weight.storage);
  visit(Field{.name = "granularity", .required = true}, weight.granularity);
  visit(Field{.name = "range", .required = true}, weight.range);
  visit(Field{.name = "reason", .left_out = true}, weight.reason);
  visit(Field{.name = "detail", .left_out = true}, weight.detail);
  visit(Field{.name = "bytes_before"}, weight.bytes_before);
  visit(Field{.name = "bytes_after"}, weight.bytes_after);
}

template <FieldsOf<Decision> T, typename Visitor>
void visit_fields(T& decision, Visitor&& visit) {
  visit(Field{.name = "node", .required = true}, decision.node);
  visit(Field{.name = "op"}, decision.op);
  visit(Field{.name = "form", .required = true}, decision.form);
  visit(Field{.name = "ops", .required = true}, decision.ops);
  visit(Field{.name = "weights", .required = true}, decision.weights);
  visit(Field{.name = "reason"}, decision.reason);
  visit(Field{.name = "detail"}, decision.detail);
}

template <FieldsOf<Plan> T, typename Visitor>
void visit_fields(T& plan, Visitor&& visit) {
  visit(Field{.name = "version", .required = true}, plan.version);
  visit(Field{.name = "target"}, plan.target);
  visit(Field{.name = "decisions", .required = true}, plan.decisions);
}

}  // namespace octet
