#include "runtime/ports.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/checked.hpp"
#include "octet/error.hpp"
#include "runtime/value.hpp"

namespace octet::runtime {
namespace {

std::string read_name(const Library& library, const OrtSession* session, Side side, std::size_t i,
                      std::string_view label) {
  const auto get =
      side == Side::input ? library.api->SessionGetInputName : library.api->SessionGetOutputName;
  char* raw = nullptr;
  library.check(get(session, i, library.allocator, &raw), label);
  std::string name(raw);
  library.check(library.api->AllocatorFree(library.allocator, raw), label);
  return name;
}

void read_type(const Library& library, const OrtTypeInfo* info, Port& port,
               std::string_view label) {
  const OrtApi& api = *library.api;
  ONNXType kind = ONNX_TYPE_UNKNOWN;
  library.check(api.GetOnnxTypeFromTypeInfo(info, &kind), label);
  if (kind != ONNX_TYPE_TENSOR) return;
  const OrtTensorTypeAndShapeInfo* tensor = nullptr;  // belongs to `info`
  library.check(api.CastTypeInfoToTensorInfo(info, &tensor), label);
  if (tensor == nullptr) return;
  ONNXTensorElementDataType type = ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
  library.check(api.GetTensorElementType(tensor, &type), label);
  std::size_t rank = 0;
  library.check(api.GetDimensionsCount(tensor, &rank), label);
  port.dims.resize(rank);
  library.check(api.GetDimensions(tensor, port.dims.data(), rank), label);
  std::vector<const char*> symbols(rank, nullptr);
  library.check(api.GetSymbolicDimensions(tensor, symbols.data(), rank), label);
  for (const char* symbol : symbols) port.symbols.emplace_back(symbol == nullptr ? "" : symbol);
  const auto element = static_cast<base::ElementType>(type);
  port.type = is_held(element) ? element : base::ElementType::undefined;
}

// "float32 [batch, 3]"
std::string shape_text(const Port& port) {
  std::vector<std::string> dims;
  for (std::size_t i = 0; i < port.dims.size(); ++i) {
    const bool fixed = port.dims[i] >= 0;
    const bool unnamed = port.symbols[i].empty();
    dims.push_back(fixed ? std::to_string(port.dims[i]) : unnamed ? "?" : port.symbols[i]);
  }
  return fmt::format("{} [{}]", base::element_name(port.type), fmt::join(dims, ", "));
}

[[noreturn]] void refuse(std::string_view label, const std::string& message) {
  throw Error(ErrorCode::invalid_data, fmt::format("{}: {}", label, message));
}

void check_fits(const Port& port, const base::Tensor& tensor, std::string_view label) {
  const auto mismatch = [&] {
    refuse(label,
           fmt::format("input \"{}\" is {}, but {} [{}] was given", port.name, shape_text(port),
                       base::element_name(tensor.type), fmt::join(tensor.dims, ", ")));
  };
  if (port.type == base::ElementType::undefined) {
    refuse(label, fmt::format("input \"{}\" is not a tensor of a type Octet can feed", port.name));
  }
  if (tensor.type != port.type) mismatch();
  if (!port.dims.empty()) {
    if (tensor.dims.size() != port.dims.size()) mismatch();
    for (std::size_t i = 0; i < port.dims.size(); ++i) {
      if (port.dims[i] >= 0 && port.dims[i] != tensor.dims[i]) mismatch();
    }
  }
  const auto count = base::element_count(tensor.dims);
  const bool strings = tensor.type == base::ElementType::string;
  const auto bytes = count ? base::checked_mul(*count, base::element_size(tensor.type)) : count;
  const bool fills =
      count && bytes && (strings ? tensor.strings.size() == *count : tensor.bytes.size() == *bytes);
  if (!fills) {
    refuse(label, fmt::format("input \"{}\": the data do not fill the shape [{}]", port.name,
                              fmt::join(tensor.dims, ", ")));
  }
}

std::string names_of(const std::vector<Port>& ports) {
  std::vector<std::string_view> names;
  for (const Port& port : ports) names.push_back(port.name);
  return fmt::format("\"{}\"", fmt::join(names, "\", \""));
}

}  // namespace

std::vector<Port> read_ports(const Library& library, const OrtSession* session, Side side,
                             std::string_view label) {
  const OrtApi& api = *library.api;
  const bool inputs = side == Side::input;
  std::size_t count = 0;
  library.check((inputs ? api.SessionGetInputCount : api.SessionGetOutputCount)(session, &count),
                label);
  std::vector<Port> ports;
  for (std::size_t i = 0; i < count; ++i) {
    Port port;
    port.name = read_name(library, session, side, i, label);
    OrtTypeInfo* raw = nullptr;
    const auto get = inputs ? api.SessionGetInputTypeInfo : api.SessionGetOutputTypeInfo;
    library.check(get(session, i, &raw), label);
    const Handle<OrtTypeInfo> info(raw, api.ReleaseTypeInfo);
    read_type(library, raw, port, label);
    ports.push_back(std::move(port));
  }
  return ports;
}

std::vector<const base::Tensor*> match_inputs(const std::vector<Port>& ports,
                                              std::span<const base::NamedTensor> given,
                                              std::string_view label) {
  std::vector<const base::Tensor*> out(ports.size(), nullptr);
  for (const base::NamedTensor& tensor : given) {
    const auto port = std::ranges::find(ports, tensor.name, &Port::name);
    if (port == ports.end()) {
      refuse(label, fmt::format("there is no input \"{}\"; the model has {}", tensor.name,
                                names_of(ports)));
    }
    auto& slot = out[static_cast<std::size_t>(port - ports.begin())];
    if (slot != nullptr) refuse(label, fmt::format("input \"{}\" is given twice", tensor.name));
    slot = &tensor.tensor;
  }
  for (std::size_t i = 0; i < ports.size(); ++i) {
    if (out[i] == nullptr) {
      refuse(label,
             fmt::format("input \"{}\" ({}) is missing", ports[i].name, shape_text(ports[i])));
    }
    check_fits(ports[i], *out[i], label);
  }
  return out;
}

}  // namespace octet::runtime
