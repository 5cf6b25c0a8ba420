#include "result.hpp"

#include <utility>

namespace {

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> out;
  out.reserve(texts.size());
  for (const std::string& text : texts) out.push_back(text.c_str());
  return out;
}

}  // namespace

void octet_result::hold(std::vector<octet::Array> arrays) {
  arrays_ = std::move(arrays);
  for (const octet::Array& array : arrays_) {
    octet_tensor tensor{};
    tensor.name = array.name.c_str();
    tensor.type = array.type.c_str();
    tensor.shape = array.shape.data();
    tensor.rank = array.shape.size();
    if (array.type == "string") {
      tensor.strings = texts_.emplace_back(pointers(array.strings)).data();
    } else {
      tensor.data = array.bytes.data();
      tensor.size_bytes = array.bytes.size();
    }
    if (!array.keys.empty()) tensor.keys = texts_.emplace_back(pointers(array.keys)).data();
    tensors.push_back(tensor);
  }
}
