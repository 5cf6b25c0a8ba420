// Field numbers of onnx.proto (IR version 13), the messages Octet reads or writes.
#pragma once

#include <cstdint>

namespace octet::onnx::field {

namespace model {
enum : std::uint32_t {
  ir_version = 1,
  producer_name = 2,
  graph = 7,
  opset_import = 8,
  metadata_props = 14,
  functions = 25,
};
}
namespace opset {
enum : std::uint32_t { domain = 1, version = 2 };
}
namespace graph {
enum : std::uint32_t {
  node = 1,
  name = 2,
  initializer = 5,
  input = 11,
  output = 12,
  value_info = 13,
  sparse_initializer = 15,
};
}
namespace node {
enum : std::uint32_t {
  input = 1,
  output = 2,
  name = 3,
  op_type = 4,
  attribute = 5,
  doc_string = 6,
  domain = 7,
  overload = 8,
  metadata_props = 9,
};
}
namespace attribute {
enum : std::uint32_t {
  name = 1,
  f = 2,
  i = 3,
  s = 4,
  t = 5,
  g = 6,
  floats = 7,
  ints = 8,
  strings = 9,
  graphs = 11,
  type = 20,
  ref_attr_name = 21,
  sparse_tensor = 22,
};
// AttributeProto.AttributeType
enum : std::uint32_t {
  type_float = 1,
  type_int = 2,
  type_string = 3,
  type_tensor = 4,
  type_floats = 6,
  type_ints = 7,
};
}  // namespace attribute
namespace function {
enum : std::uint32_t {
  name = 1,
  input = 4,
  output = 5,
  node = 7,
  opset_import = 9,
  domain = 10,
  attribute_proto = 11,
  overload = 13,
};
}
namespace value_info {
enum : std::uint32_t { name = 1, type = 2 };
}
namespace type {
enum : std::uint32_t { tensor = 1, sequence = 4, map = 5, optional = 9, sparse_tensor = 8 };
}
namespace tensor_type {
enum : std::uint32_t { elem_type = 1, shape = 2 };
}
namespace shape {
enum : std::uint32_t { dim = 1, dim_value = 1, dim_param = 2 };
}
namespace tensor {
enum : std::uint32_t {
  dims = 1,
  data_type = 2,
  segment = 3,
  float_data = 4,
  int32_data = 5,
  string_data = 6,
  int64_data = 7,
  name = 8,
  raw_data = 9,
  double_data = 10,
  uint64_data = 11,
  external_data = 13,
  data_location = 14,
};
}
namespace entry {
enum : std::uint32_t { key = 1, value = 2 };
}

}  // namespace octet::onnx::field
