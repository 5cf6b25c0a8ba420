#include "octet/version.hpp"

#include "base/cpu.hpp"
#include "cost/targets.hpp"
#include "kernels/kernels.hpp"

namespace octet {

VersionInfo version(const RuntimeOptions& options) {
  const base::CpuInfo cpu = base::cpu_info();
  VersionInfo info;
  info.version = OCTET_VERSION;
  info.commit = OCTET_COMMIT;
  info.build = OCTET_BUILD;
  info.cpu_model = cpu.model;
  info.cpu_arch = cpu.arch;
  info.cpu_features = cpu.features;
  info.cpu_target = cost::target_of(cpu);
  info.cpu_saturates = cpu.saturates;
  info.kernels = kernels::target_name();
  info.runtime = runtime_info(options);
  return info;
}

}  // namespace octet
