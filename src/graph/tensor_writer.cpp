#include "graph/tensor_writer.hpp"

#include "onnx/declarations.hpp"
#include "onnx/field_numbers.hpp"

namespace octet::graph {
namespace {

namespace f = onnx::field;

constexpr std::uint64_t smallest_external = 1024;
constexpr std::uint64_t smallest_left_behind = 64 * 1024;
constexpr std::uint64_t alignment =
    4096;  // a page: what mapping a tensor straight from the file needs
constexpr std::uint64_t location_external = 1;

onnx::Message entry(std::string_view key, std::string_view value) {
  onnx::Message out;
  out.text(f::entry::key, key);
  out.text(f::entry::value, value);
  return out;
}

}  // namespace

bool TensorWriter::goes_out(std::uint64_t size_bytes) const {
  return weights_ == Placement::in_data_file && size_bytes >= smallest_external;
}

bool TensorWriter::stays_behind(const onnx::TensorView& tensor) const {
  return base::element_size(tensor.type) == 1 && !tensor.external &&
         tensor.raw.size() >= smallest_left_behind;
}

bool TensorWriter::must_rewrite(const onnx::TensorView& tensor) const {
  if (weights_ == Placement::in_original) return stays_behind(tensor);
  return tensor.external.has_value() || (!tensor.raw.empty() && goes_out(tensor.size_bytes()));
}

void TensorWriter::point(onnx::Message& message, std::uint64_t offset,
                         std::uint64_t size_bytes) const {
  message.message(f::tensor::external_data, entry("location", data_name_));
  message.message(f::tensor::external_data, entry("offset", std::to_string(offset)));
  message.message(f::tensor::external_data, entry("length", std::to_string(size_bytes)));
  message.varint(f::tensor::data_location, location_external);
}

void TensorWriter::move_out(onnx::Message& message, onnx::Piece piece) {
  const std::uint64_t offset = (end_ + alignment - 1) / alignment * alignment;
  const std::uint64_t size = piece.size_bytes;
  point(message, offset, size);
  data_.push_back({offset, std::move(piece)});
  end_ = offset + size;
}

onnx::Message TensorWriter::existing(const Constant& constant, const onnx::Origin& origin) {
  onnx::Message out;
  onnx::Reader reader(constant.tensor.message, origin, "TensorProto");
  while (const auto field = reader.next()) {
    const bool is_data =
        field->number == f::tensor::raw_data || field->number == f::tensor::float_data ||
        field->number == f::tensor::external_data || field->number == f::tensor::data_location;
    if (!is_data) out.copy(field->whole);
  }
  const onnx::Bytes elements = graph_->elements(constant);
  if (weights_ == Placement::in_original) {
    point(out, static_cast<std::uint64_t>(elements.data() - graph_->bytes().data()),
          elements.size());
    return out;
  }
  if (!goes_out(elements.size())) {
    onnx::Message raw;
    raw.copy(elements);
    out.message(f::tensor::raw_data, std::move(raw));
    return out;
  }
  onnx::Piece piece;
  piece.copied = elements;
  piece.size_bytes = elements.size();
  move_out(out, std::move(piece));
  return out;
}

onnx::Message TensorWriter::fresh(const NewTensor& tensor, TensorIndex index) {
  onnx::Message out = onnx::tensor_head(tensor.type, tensor.dims);
  out.text(f::tensor::name, tensor.name);
  if (!goes_out(tensor.size_bytes())) {
    out.unfilled(f::tensor::raw_data, tensor.size_bytes(), index);
    return out;
  }
  onnx::Piece piece;
  piece.tensor = index;
  piece.size_bytes = tensor.size_bytes();
  move_out(out, std::move(piece));
  return out;
}

}  // namespace octet::graph
