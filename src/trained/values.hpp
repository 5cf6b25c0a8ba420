// Numbers, texts and arrays read out of records. Everything answers nullopt for what is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trained/record.hpp"

namespace octet::trained {

struct NumberArray {
  std::vector<std::uint64_t> shape;
  std::vector<double> numbers;  // row-major, whatever the file's order
};

// Of an int, a float, a bool, a NumPy scalar or an array of one element.
[[nodiscard]] std::optional<double> number_of(const Records& records, Ref ref);

// Of a str or a NumPy string.
[[nodiscard]] std::optional<std::string> text_of(const Records& records, Ref ref);

// Of an array of numbers or bools, of objects that are numbers (None is NaN), and of a list or
// tuple of numbers.
[[nodiscard]] std::optional<NumberArray> numbers_of(const Records& records, Ref ref);

// Of an array of strings, of objects that are strings, of a list or tuple of strings.
[[nodiscard]] std::optional<std::vector<std::string>> texts_of(const Records& records, Ref ref);

// One field of an array of NumPy records, as double.
[[nodiscard]] std::optional<std::vector<double>> field_of(const Records& records, Ref array,
                                                          std::string_view name);

// The elements of an array of objects, a list or a tuple, in row-major order.
[[nodiscard]] std::optional<std::vector<Ref>> items_of(const Records& records, Ref ref);

// The attributes of an object: its state's dict, and the second one of a pair of dicts.
[[nodiscard]] Ref attribute_of(const Records& records, Ref object, std::string_view name);

}  // namespace octet::trained
