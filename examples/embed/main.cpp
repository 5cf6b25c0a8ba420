// Octet inside another program: quantize a model with a progress line and read the report.
//   embed model.onnx model.int8.onnx
#include <cstdio>
#include <exception>

#include "octet/octet.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: embed model.onnx model.int8.onnx\n");
    return 2;
  }
  try {
    octet::QuantizeOptions options;
    options.progress = [](const octet::Progress& progress) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(progress.stage.size()), progress.stage.data());
      return true;  // false would cancel
    };
    const octet::QuantizeReport report = octet::quantize(argv[1], argv[2], options);
    std::printf("%llu -> %llu bytes\n", static_cast<unsigned long long>(report.bytes_before),
                static_cast<unsigned long long>(report.bytes_after));
    for (const octet::Decision& decision : report.plan.decisions) {
      std::printf("%s: %s (%s)\n", decision.node.c_str(), decision.form.c_str(), decision.reason.c_str());
    }
    return report.written ? 0 : 1;
  } catch (const octet::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
