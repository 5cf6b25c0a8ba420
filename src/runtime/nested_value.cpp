#include "runtime/nested_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "runtime/value.hpp"

namespace octet::runtime {
namespace {

using base::ElementType;
using base::Tensor;

struct Reading {
  Tensor tensor;
  base::Nesting nesting;
};

Reading unread(std::string why) {
  Reading out;
  out.tensor.dims = {0};
  out.nesting.unread = std::move(why);
  return out;
}

void append(Tensor& to, Tensor from) {
  to.bytes.insert(to.bytes.end(), from.bytes.begin(), from.bytes.end());
  std::move(from.strings.begin(), from.strings.end(), std::back_inserter(to.strings));
}

// "sequence of maps"
std::string sequence_of(const std::string& kind) {
  return kind.empty() ? std::string("sequence of tensors") : fmt::format("sequence of {}s", kind);
}

Reading stacked(std::vector<Reading> elements) {
  Reading out;
  out.tensor.dims = {0};
  out.nesting.kind = "empty sequence";
  if (elements.empty()) return out;
  bool alike = true;
  std::string shapes;
  const Reading& first = elements.front();
  for (const Reading& element : elements) {
    if (!element.nesting.unread.empty()) return unread(element.nesting.unread);
    if (element.nesting.keys != first.nesting.keys)
      return unread("the keys of its maps change from element to element");
    if (element.tensor.type != first.tensor.type || element.nesting.kind != first.nesting.kind)
      return unread("its elements are of several types");
    alike = alike && element.tensor.dims == first.tensor.dims;
    shapes +=
        fmt::format("{}[{}]", shapes.empty() ? "" : ", ", fmt::join(element.tensor.dims, ", "));
  }
  out.tensor.type = first.tensor.type;
  out.nesting = {sequence_of(first.nesting.kind), first.nesting.keys, ""};
  if (alike) {
    out.tensor.dims = first.tensor.dims;
    out.tensor.dims.insert(out.tensor.dims.begin(), static_cast<std::int64_t>(elements.size()));
  } else {
    out.nesting.kind += " " + shapes;
  }
  for (Reading& element : elements) append(out.tensor, std::move(element.tensor));
  if (!alike) {
    const std::size_t size = base::element_size(out.tensor.type);
    const std::size_t count =
        size == 0 ? out.tensor.strings.size() : out.tensor.bytes.size() / size;
    out.tensor.dims = {static_cast<std::int64_t>(count)};
  }
  return out;
}

class Reader {
 public:
  Reader(const Library& library, std::string_view label) : library_(library), label_(label) {}

  [[nodiscard]] Reading read(const OrtValue* value) const {
    const OrtApi& api = *library_.api;
    int has_value = 0;
    if (value != nullptr) library_.check(api.HasValue(value, &has_value), label_);
    if (has_value == 0) return {{ElementType::float32, {0}, {}, {}}, {"no value", {}, ""}};
    ONNXType kind = ONNX_TYPE_UNKNOWN;
    library_.check(api.GetValueType(value, &kind), label_);
    if (kind == ONNX_TYPE_TENSOR) return read_tensor(value);
    if (kind == ONNX_TYPE_SEQUENCE) return read_sequence(value);
    if (kind == ONNX_TYPE_MAP) return read_map(value);
    return unread(kind == ONNX_TYPE_SPARSETENSOR ? "it is a sparse tensor"
                                                 : "it is of a kind Octet does not know");
  }

 private:
  [[nodiscard]] Reading read_tensor(const OrtValue* value) const {
    const ElementType type = element_type(library_, value, label_);
    if (!is_held(type)) {
      return unread(
          fmt::format("its elements are {}, which Octet does not read", base::element_name(type)));
    }
    return {read_value(library_, value, label_), {}};
  }

  [[nodiscard]] Value part(const OrtValue* value, std::size_t i) const {
    OrtValue* raw = nullptr;
    library_.check(library_.api->GetValue(value, static_cast<int>(i), library_.allocator, &raw),
                   label_);
    return {raw, library_.api->ReleaseValue};
  }

  [[nodiscard]] Reading read_sequence(const OrtValue* value) const {
    std::size_t count = 0;
    library_.check(library_.api->GetValueCount(value, &count), label_);
    std::vector<Reading> elements;
    for (std::size_t i = 0; i < count; ++i) elements.push_back(read(part(value, i).get()));
    return stacked(std::move(elements));
  }

  // A map's parts are its keys and its values, a vector each.
  [[nodiscard]] Reading read_map(const OrtValue* value) const {
    Reading out = read_tensor(part(value, 1).get());
    Reading keys = read_tensor(part(value, 0).get());
    if (keys.tensor.type == ElementType::string) {
      out.nesting.keys = std::move(keys.tensor.strings);
    } else {
      for (const std::int64_t key : keys.tensor.as<std::int64_t>())
        out.nesting.keys.push_back(std::to_string(key));
    }
    out.nesting.kind = "map";
    return out;
  }

  const Library& library_;
  std::string_view label_;
};

}  // namespace

base::NamedTensor read_output(const Library& library, const OrtValue* value, std::string name,
                              std::string_view label) {
  Reading reading = Reader(library, label).read(value);
  if (reading.nesting.kind == "map") reading.tensor.dims.insert(reading.tensor.dims.begin(), 1);
  return {std::move(name), std::move(reading.tensor), std::move(reading.nesting)};
}

}  // namespace octet::runtime
