#include "cost/targets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cost/costs.hpp"
#include "support/claims.hpp"

namespace octet::cost {
namespace {

using test::says;

base::CpuInfo cpu(std::string arch, std::vector<std::string> features) {
  base::CpuInfo out;
  out.arch = std::move(arch);
  out.features = std::move(features);
  return out;
}

TEST(Targets, EveryNameHasCosts) {
  for (const std::string_view name : target_names()) {
    EXPECT_FALSE(cpus_of(name).empty()) << name;
    EXPECT_GT(Costs::of(name).product({64, 64, 1}).int8_ns, 0) << name;
  }
}

TEST(Targets, EveryTableIsOfTheCpuItIsNamedAfter) {
  for (const std::string_view name : cpu_targets()) {
    EXPECT_EQ(table_from_json(built_in_table(name), name).target, name);
  }
}

TEST(Targets, PortableIsEveryCpu) {
  const auto all = cpus_of("portable");
  EXPECT_TRUE(std::equal(all.begin(), all.end(), cpu_targets().begin(), cpu_targets().end()));
}

TEST(Targets, PortablePaysOnlyWhereEveryCpuPays) {
  const Costs portable = Costs::of("portable");
  bool yes = false;
  bool no = false;
  for (const std::int64_t k : {32, 64, 128, 256, 512, 2048}) {
    for (const std::int64_t n : {16, 48, 96, 256, 1024}) {
      for (const std::int64_t rows : {0, 1, 8, 128}) {
        const bool everywhere =
            std::all_of(cpu_targets().begin(), cpu_targets().end(), [&](std::string_view name) {
              return Costs::of(name).product({k, n, rows}).pays();
            });
        EXPECT_EQ(portable.product({k, n, rows}).pays(), everywhere)
            << k << "x" << n << "x" << rows;
        (everywhere ? yes : no) = true;
      }
    }
  }
  EXPECT_TRUE(yes && no);
}

TEST(Targets, TheOldNamesStillWork) {
  EXPECT_TRUE(test::holds(cpus_of("vnni"), {"avx512_vnni"}));
  EXPECT_TRUE(test::holds(cpus_of("arm64"), {"neon_dotprod", "neon_i8mm"}));
}

TEST(Targets, SaturateWhereSomeCpuOfThemDoes) {
  for (const char* name : {"portable", "avx2", "avx512"}) {
    EXPECT_TRUE(Costs::of(name).saturates()) << name;
  }
  for (const char* name : {"avx512_vnni", "amx_int8", "neon_dotprod", "neon_i8mm", "vnni"}) {
    EXPECT_FALSE(Costs::of(name).saturates()) << name;
  }
}

TEST(Targets, AreSaidToBeModelledWhereNobodyMeasured) {
  EXPECT_TRUE(Costs::of("neon_dotprod").modelled());
  EXPECT_TRUE(Costs::of("portable").modelled());
}

TEST(Targets, NativeIsTheKindThisCpuIs) {
  EXPECT_TRUE(test::holds(cpus_of("native"), {target_of(base::cpu_info())}));
  EXPECT_EQ(target_of(cpu("x86_64", {"avx2"})), "avx2");
  EXPECT_EQ(target_of(cpu("x86_64", {})), "avx2");
  EXPECT_EQ(target_of(cpu("x86_64", {"avx2", "avx512f"})), "avx2");  // without the byte operations
  EXPECT_EQ(target_of(cpu("x86_64", {"avx2", "avx512f", "avx512bw"})), "avx512");
  EXPECT_EQ(target_of(cpu("x86_64", {"avx2", "avx_vnni"})), "avx512_vnni");
  EXPECT_EQ(target_of(cpu("x86_64", {"avx2", "avx512bw", "avx512_vnni", "amx_int8"})), "amx_int8");
  EXPECT_EQ(target_of(cpu("aarch64", {"neon"})), "neon_dotprod");
  EXPECT_EQ(target_of(cpu("aarch64", {"neon", "dotprod", "i8mm"})), "neon_i8mm");
}

TEST(Targets, AnUnknownOneIsRefusedWithTheNames) {
  const std::string message =
      test::refusal(ErrorCode::invalid_argument, [] { (void)Costs::of("toaster"); });
  for (const char* part : {"--target \"toaster\"", "portable", "native", "amx_int8", "neon_i8mm"}) {
    EXPECT_TRUE(says(message, part));
  }
}

}  // namespace
}  // namespace octet::cost
