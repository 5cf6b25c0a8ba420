#include "forms/emitter.hpp"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace octet::forms {

using base::ElementType;

std::string Emitter::fresh(std::string_view what) {
  return overlay_->fresh_name(fmt::format("{}_{}", label_, what));
}

std::string Emitter::add(std::string op, std::vector<std::string> inputs, std::string_view what,
                         std::vector<graph::NewAttribute> attributes, std::string domain) {
  std::string output = fresh(what);
  add({std::move(op), std::move(domain), "", std::move(inputs), {output}, std::move(attributes)});
  return output;
}

void Emitter::add(graph::NewNode node) {
  if (node.name.empty()) node.name = fresh(node.op);
  if (!node.domain.empty()) overlay_->require_opset(node.domain, 1);
  nodes_.push_back(std::move(node));
}

std::string Emitter::constant(std::string_view what, ElementType type,
                              std::vector<std::int64_t> dims, const void* data, std::size_t size) {
  std::string bytes(size, '\0');
  if (size != 0) std::memcpy(bytes.data(), data, size);
  std::string name = fresh(what);
  overlay_->add_filled({name, scope_, type, std::move(dims)}, std::move(bytes));
  return name;
}

std::string Emitter::ints(std::string_view what, const std::vector<std::int64_t>& values) {
  return constant(what, ElementType::int64, {std::ssize(values)}, values.data(), 8 * values.size());
}

std::string Emitter::number(std::string_view what, std::int64_t value) {
  return constant(what, ElementType::int64, {}, &value, sizeof value);
}

std::string Emitter::int32s(std::string_view what, std::vector<std::int64_t> dims,
                            const std::vector<std::int32_t>& values) {
  return constant(what, ElementType::int32, std::move(dims), values.data(), 4 * values.size());
}

std::string Emitter::real(std::string_view what, float value) {
  return constant(what, ElementType::float32, {}, &value, sizeof value);
}

std::string Emitter::floats(std::string_view what, const std::vector<float>& values) {
  return constant(what, ElementType::float32, {std::ssize(values)}, values.data(),
                  4 * values.size());
}

void Emitter::apply(std::vector<graph::NodeId> removed) {
  overlay_->apply({std::move(removed), std::exchange(nodes_, {}), scope_});
}

}  // namespace octet::forms
