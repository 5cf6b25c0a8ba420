// What a call of the C API gives back, with all it points to.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "octet.h"
#include "octet/data.hpp"

struct octet_result {
  int code = 2;
  std::string json;
  std::vector<std::byte> bytes;

  // Takes the arrays and describes them.
  void hold(std::vector<octet::Array> arrays);

  std::vector<octet_tensor> tensors;

 private:
  std::vector<octet::Array> arrays_;
  std::vector<std::vector<const char*>> texts_;  // of strings and keys
};
