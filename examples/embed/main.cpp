// Octet inside another program: a model in memory is quantized into memory, looked into, and
// written.
//   embed model.onnx model.int8.onnx
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "octet/octet.hpp"

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int run(const char* input, const char* output) {
  const std::string model = read_file(input);

  octet::QuantizeOptions options;
  options.planning.target = "portable";
  options.progress = [](const octet::Progress& progress) {
    const auto length = static_cast<int>(progress.stage.size());
    std::fprintf(stderr, "%.*s\r", length, progress.stage.data());
    return true;  // false would cancel
  };
  const octet::QuantizedBytes result =
      octet::quantize_bytes(std::as_bytes(std::span(model)), options);
  for (const octet::Decision& decision : result.report.plan.decisions) {
    std::printf("%s: %s (%s)\n", decision.node.c_str(), decision.form.c_str(),
                decision.detail.c_str());
  }
  if (result.bytes.empty()) {  // "no" is an answer, not an error
    std::printf("%s\n", result.report.detail.c_str());
    return 1;
  }

  const octet::Inspection inspection = octet::inspect(std::span(result.bytes));
  for (const auto& [op, count] : inspection.operators) {
    std::printf("%s x %llu\n", op.c_str(), static_cast<unsigned long long>(count));
  }
  std::printf("%zu -> %zu bytes, proof: %s\n", model.size(), result.bytes.size(),
              result.report.proof.detail.c_str());

  std::ofstream file(output, std::ios::binary);
  file.write(reinterpret_cast<const char*>(result.bytes.data()),
             static_cast<std::streamsize>(result.bytes.size()));
  return file.flush() ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: embed model.onnx model.int8.onnx\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const octet::Error& error) {  // its message names the place, the fact and the next step
    std::fprintf(stderr, "%s\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 2;
}
