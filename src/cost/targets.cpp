#include "cost/targets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "octet/error.hpp"

namespace octet::cost {
namespace {

using namespace std::string_view_literals;

constexpr std::array cpus = {"avx2"sv,     "avx512"sv,       "avx512_vnni"sv,
                             "amx_int8"sv, "neon_dotprod"sv, "neon_i8mm"sv};
constexpr std::array names = {"portable"sv,    "native"sv,   "avx2"sv,         "avx512"sv,
                              "avx512_vnni"sv, "amx_int8"sv, "neon_dotprod"sv, "neon_i8mm"sv,
                              "vnni"sv,        "arm64"sv};

}  // namespace

std::span<const std::string_view> cpu_targets() {
  return cpus;
}

std::span<const std::string_view> target_names() {
  return names;
}

std::string_view target_of(const base::CpuInfo& cpu) {
  const auto has = [&](std::string_view feature) {
    return std::find(cpu.features.begin(), cpu.features.end(), feature) != cpu.features.end();
  };
  if (cpu.arch == "aarch64") return has("i8mm") ? "neon_i8mm" : "neon_dotprod";
  if (has("amx_int8")) return "amx_int8";
  // The 256-bit VNNI of CPUs without AVX-512 is exact too, and nearer to this table than to AVX2's.
  if (has("avx512_vnni") || has("avx_vnni")) return "avx512_vnni";
  return has("avx512bw") ? "avx512" : "avx2";
}

std::vector<std::string_view> cpus_of(std::string_view target) {
  if (target == "portable") return {cpus.begin(), cpus.end()};
  if (target == "native") return {target_of(base::cpu_info())};
  if (target == "vnni") return {"avx512_vnni"};
  if (target == "arm64") return {"neon_dotprod", "neon_i8mm"};
  const auto* found = std::find(cpus.begin(), cpus.end(), target);
  if (found != cpus.end()) return {*found};
  throw Error(ErrorCode::invalid_argument,
              fmt::format("--target \"{}\" is not one of {}", target, fmt::join(names, ", ")));
}

}  // namespace octet::cost
