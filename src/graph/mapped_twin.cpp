#include "graph/mapped_twin.hpp"

#include "onnx/field_numbers.hpp"
#include "onnx/message.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

constexpr std::uint64_t worth_moving = 64 * 1024;

bool moves(const onnx::TensorView& tensor) {
  return base::element_size(tensor.type) == 1 && !tensor.external &&
         tensor.raw.size() >= worth_moving;
}

onnx::Message entry(std::string_view key, std::string_view value) {
  onnx::Message out;
  out.text(f::entry::key, key);
  out.text(f::entry::value, value);
  return out;
}

onnx::Message pointing_tensor(const onnx::TensorView& tensor, onnx::Bytes file,
                              std::string_view file_name) {
  onnx::Message out;
  for (const std::int64_t d : tensor.dims)
    out.varint(f::tensor::dims, static_cast<std::uint64_t>(d));
  out.varint(f::tensor::data_type, static_cast<std::uint64_t>(tensor.type));
  out.text(f::tensor::name, tensor.name);
  out.message(f::tensor::external_data, entry("location", file_name));
  out.message(f::tensor::external_data,
              entry("offset", std::to_string(tensor.raw.data() - file.data())));
  out.message(f::tensor::external_data, entry("length", std::to_string(tensor.raw.size())));
  out.varint(f::tensor::data_location, 1);
  return out;
}

}  // namespace

std::string mapped_twin(const Graph& graph, std::string_view file_name) {
  std::unordered_map<const std::byte*, const onnx::TensorView*> moving;
  for (const Constant& constant : graph.constants()) {
    const bool candidate = constant.scope == 0 && constant.node == none && moves(constant.tensor);
    if (candidate) moving.emplace(constant.whole.data(), &constant.tensor);
  }
  onnx::Origin origin{graph.label(), graph.bytes().data()};
  onnx::Message model;
  onnx::Reader fields(graph.bytes(), origin, "ModelProto");
  while (const auto field = fields.next()) {
    if (field->number != f::model::graph) {
      model.copy(field->whole);
      continue;
    }
    onnx::Message main;
    onnx::Reader parts(field->payload, origin, "GraphProto");
    while (const auto part = parts.next()) {
      const auto found = moving.find(part->whole.data());
      if (found == moving.end()) {
        main.copy(part->whole);
      } else {
        main.message(f::graph::initializer,
                     pointing_tensor(*found->second, graph.bytes(), file_name));
      }
    }
    model.message(f::model::graph, std::move(main));
  }
  return model.bytes();
}

}  // namespace octet::graph
