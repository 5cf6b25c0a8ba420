#include "costs/masked_runtime.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/cpu.hpp"
#include "cost/targets.hpp"
#include "octet/error.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <ucontext.h>

#include <csignal>
#endif

namespace octet::bench {
namespace {

constexpr std::array<std::string_view, 4> oldest_first = {"avx2", "avx512", "avx512_vnni",
                                                          "amx_int8"};

std::size_t age_of(std::string_view target) {
  const auto* found = std::find(oldest_first.begin(), oldest_first.end(), target);
  return static_cast<std::size_t>(found - oldest_first.begin());
}

#if defined(__x86_64__)

enum Register : std::uint8_t { eax, ebx, ecx, edx };

// One bit of CPUID's answer, and the first target that has it.
struct Feature {
  std::uint32_t leaf;
  std::uint32_t subleaf;
  Register where;
  unsigned bit;
  std::size_t since;
};

constexpr std::size_t avx512 = 1;
constexpr std::size_t vnni = 2;
constexpr std::size_t amx = 3;

constexpr std::array features = {
    Feature{7, 0, ebx, 16, avx512},  // AVX512F
    Feature{7, 0, ebx, 17, avx512},  // AVX512DQ
    Feature{7, 0, ebx, 21, avx512},  // AVX512_IFMA
    Feature{7, 0, ebx, 28, avx512},  // AVX512CD
    Feature{7, 0, ebx, 30, avx512},  // AVX512BW
    Feature{7, 0, ebx, 31, avx512},  // AVX512VL
    Feature{7, 0, ecx, 1, avx512},   // AVX512_VBMI
    Feature{7, 0, ecx, 6, avx512},   // AVX512_VBMI2
    Feature{7, 0, ecx, 12, avx512},  // AVX512_BITALG
    Feature{7, 0, ecx, 14, avx512},  // AVX512_VPOPCNTDQ
    Feature{7, 0, ecx, 11, vnni},    // AVX512_VNNI
    Feature{7, 1, eax, 4, vnni},     // AVX_VNNI
    Feature{7, 1, eax, 5, vnni},     // AVX512_BF16, which came with it
    Feature{7, 1, edx, 4, vnni},     // AVX_VNNI_INT8
    Feature{7, 1, edx, 10, vnni},    // AVX_VNNI_INT16
    Feature{7, 0, edx, 22, amx},     // AMX_BF16
    Feature{7, 0, edx, 23, amx},     // AVX512_FP16
    Feature{7, 0, edx, 24, amx},     // AMX_TILE
    Feature{7, 0, edx, 25, amx},     // AMX_INT8
    Feature{7, 1, eax, 21, amx},     // AMX_FP16
};

std::size_t pretended = oldest_first.size();
constexpr std::array<unsigned char, 2> cpuid_bytes = {0x0f, 0xa2};
constexpr std::array<unsigned char, 2> ud2_bytes = {0x0f, 0x0b};

void answer_cpuid(int signal, siginfo_t* /*info*/, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  if (std::memcmp(reinterpret_cast<const void*>(registers[REG_RIP]), ud2_bytes.data(), 2) != 0) {
    std::signal(signal, SIG_DFL);  // not ours: the instruction runs again and ends the process
    return;
  }
  const auto leaf = static_cast<std::uint32_t>(registers[REG_RAX]);
  const auto subleaf = static_cast<std::uint32_t>(registers[REG_RCX]);
  std::array<std::uint32_t, 4> answer = {};
  __cpuid_count(leaf, subleaf, answer[eax], answer[ebx], answer[ecx], answer[edx]);
  for (const Feature& feature : features) {
    const bool here = feature.leaf == leaf && feature.subleaf == subleaf;
    if (here && feature.since > pretended) answer.at(feature.where) &= ~(1U << feature.bit);
  }
  registers[REG_RAX] = answer[eax];
  registers[REG_RBX] = answer[ebx];
  registers[REG_RCX] = answer[ecx];
  registers[REG_RDX] = answer[edx];
  registers[REG_RIP] += 2;
}

void install_handler() {
  struct sigaction action = {};
  action.sa_sigaction = answer_cpuid;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, nullptr);
}

#endif

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string out((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw Error(ErrorCode::io, fmt::format("{}: cannot read the file", path.string()));
  return out;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Addresses of the CPUID instructions, as objdump sees them: "  b8d5ea:\tcpuid".
std::vector<std::uint64_t> cpuid_addresses(const std::filesystem::path& library) {
  const std::string command =
      fmt::format("objdump -d --no-show-raw-insn {} 2>&1", quoted(library.string()));
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::vector<std::uint64_t> out;
  std::array<char, 512> line = {};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    if (std::strstr(line.data(), "\tcpuid") == nullptr) continue;
    out.push_back(std::strtoull(line.data(), nullptr, 16));
  }
  if (out.empty()) {
    throw Error(ErrorCode::unsupported,
                fmt::format("{}: objdump finds no CPUID instruction; is binutils installed?",
                            library.string()));
  }
  return out;
}

// Where an address of the loaded library lies in its file.
std::uint64_t file_offset(const std::string& elf, std::uint64_t address) {
  Elf64_Ehdr header = {};
  std::memcpy(&header, elf.data(), std::min(sizeof header, elf.size()));
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment = {};
    const std::uint64_t at = header.e_phoff + i * sizeof segment;
    if (at + sizeof segment > elf.size()) break;
    std::memcpy(&segment, elf.data() + at, sizeof segment);
    const bool inside =
        address >= segment.p_vaddr && address - segment.p_vaddr + 2 <= segment.p_filesz;
    if (segment.p_type == PT_LOAD && inside) return address - segment.p_vaddr + segment.p_offset;
  }
  throw Error(ErrorCode::unsupported, "the library is not an ELF file of this machine");
}

}  // namespace

void pretend_to_be(std::string_view target) {
  const std::string_view here = cost::target_of(base::cpu_info());
  if (age_of(here) == oldest_first.size() || age_of(target) > age_of(here)) {
    throw Error(ErrorCode::unsupported,
                fmt::format("this CPU is {}: it cannot be measured as {}", here, target));
  }
#if defined(__x86_64__)
  pretended = age_of(target);
  install_handler();
#endif
}

std::filesystem::path write_masked_copy(const std::filesystem::path& library,
                                        const std::filesystem::path& folder) {
#if defined(__x86_64__)
  std::string bytes = read_whole(library);
  for (const std::uint64_t address : cpuid_addresses(library)) {
    const std::uint64_t at = file_offset(bytes, address);
    if (at + 2 > bytes.size() || std::memcmp(bytes.data() + at, cpuid_bytes.data(), 2) != 0) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("{}: no CPUID at {:#x}", library.string(), address));
    }
    std::memcpy(bytes.data() + at, ud2_bytes.data(), 2);
  }
  const std::filesystem::path copy = folder / "libonnxruntime.masked.so";
  std::ofstream file(copy, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw Error(ErrorCode::io, fmt::format("{}: cannot write", copy.string()));
  return copy;
#else
  throw Error(ErrorCode::unsupported,
              fmt::format("{}: only x86-64 can be masked; measure {} on such a machine",
                          library.string(), folder.string()));
#endif
}

}  // namespace octet::bench
