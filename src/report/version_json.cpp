#include "octet/version.hpp"
#include "report/json_writer.hpp"

namespace octet {

std::string to_json(const VersionInfo& v) {
  report::Json out = report::envelope();
  out["version"] = v.version;
  out["cpu_model"] = v.cpu_model;
  out["cpu_arch"] = v.cpu_arch;
  out["cpu_features"] = v.cpu_features;
  out["cpu_target"] = v.cpu_target;
  out["cpu_saturates"] = v.cpu_saturates;
  out["kernels"] = v.kernels;
  out["runtime"] = {{"available", v.runtime.available},
                    {"library", v.runtime.library},
                    {"version", v.runtime.version},
                    {"api_version", v.runtime.api_version},
                    {"problem", v.runtime.problem}};
  return report::dump(out);
}

}  // namespace octet
