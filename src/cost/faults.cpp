#include "cost/faults.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "octet/error.hpp"

namespace octet::cost {
namespace {

constexpr int any = 1000;

// Measured 2026-11 with 1.14.0, 1.17.3, 1.21.0, 1.22.1, 1.23.2, 1.25.0, 1.30.0 and 1.32.0; between
// two of them the later one's behaviour is taken for what is faulty.
constexpr std::array all = {
    Fault{"amx_columns",
          "DynamicQuantizeMatMul and MatMulInteger give garbage in the last N mod 16 columns of "
          "rows 31, 63, … where N is no multiple of 16 and there are 32 rows and more",
          {1, 21, 0},
          {1, 23, any},
          "amx_int8",
          "with --for-runtime such products stay float; the proof compares each shape with exact "
          "arithmetic"},
    Fault{"amx_conv_integer",
          "ConvInteger of uint8 weights is wrong by a fifth",
          {1, 22, 0},
          {1, 23, any},
          "amx_int8",
          "never emitted: convolutions are products of gathered rows"},
    Fault{"row_scale_bias",
          "MatMulIntegerToFloat with a scale per row multiplies the bias by it",
          {1, 14, 0},
          {any, 0, 0},
          "",
          "never emitted: one scale a call"},
    Fault{"fold_limit",
          "Cast and Mul of what would be more than 1 GiB as float are not folded when the model is "
          "loaded but run every time",
          {1, 26, 0},
          {any, 0, 0},
          "",
          "weights above it stay as they are"},
    Fault{"quantized_zero_point",
          "session.x64quantprecision aborts the process on a DynamicQuantizeMatMul without a zero "
          "point",
          {1, 14, 0},
          {1, 25, any},
          "",
          "a zero point of 0 is always written"},
    Fault{"conv_integer_s8",
          "ConvInteger of int8 weights takes 4 to 22 times as long as Conv",
          {1, 14, 0},
          {any, 0, 0},
          "",
          "never emitted"},
};

}  // namespace

std::optional<Version> version_from(std::string_view text) {
  std::array<int, 3> numbers = {0, 0, 0};
  std::size_t read = 0;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (read < numbers.size()) {
    const auto [next, error] = std::from_chars(at, end, numbers.at(read));
    if (error != std::errc() || numbers.at(read) < 0) break;
    ++read;
    at = next;
    if (at == end || *at != '.') break;
    ++at;
  }
  if (read < 2) return std::nullopt;
  return Version{numbers[0], numbers[1], numbers[2]};
}

std::span<const Fault> faults() {
  return all;
}

const Fault& fault_named(std::string_view name) {
  const auto found = std::ranges::find(all, name, &Fault::name);
  if (found == all.end()) throw Error(ErrorCode::invalid_argument, "there is no such fault");
  return *found;
}

bool has(const Version& version, const Fault& fault) {
  return fault.first <= version && version <= fault.last;
}

}  // namespace octet::cost
