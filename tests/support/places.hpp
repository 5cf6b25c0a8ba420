// Things a test needs that may be absent: the ONNX Runtime library and the real models.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <vector>

namespace octet::test {

// $OCTET_ORT, else the library that scripts/setup put into the build tree; empty when there is
// neither.
[[nodiscard]] inline std::filesystem::path ort_library() {
  if (const char* given = std::getenv("OCTET_ORT"); given != nullptr && *given != '\0')
    return given;
  const std::filesystem::path built =
      std::filesystem::path(OCTET_SOURCE_DIR) / "build/ort/lib/libonnxruntime.so.1";
  return std::filesystem::exists(built) ? built : std::filesystem::path();
}

// $OCTET_MODELS, else the folder of real models beside the source tree; empty when there is
// neither.
[[nodiscard]] inline std::filesystem::path models_folder() {
  if (const char* given = std::getenv("OCTET_MODELS"); given != nullptr) return given;
  const auto beside = std::filesystem::path(OCTET_SOURCE_DIR) / "../shared/models";
  return std::filesystem::exists(beside) ? beside : std::filesystem::path();
}

// Reproducers of faults beside the source tree; empty when there are none.
[[nodiscard]] inline std::filesystem::path faults_folder() {
  const auto beside = std::filesystem::path(OCTET_SOURCE_DIR) / "../shared/cases/faults";
  return std::filesystem::exists(beside) ? beside : std::filesystem::path();
}

// Trained models with recorded predictions: $OCTET_TRAINED, else the folder beside the source tree;
// empty when there is neither.
[[nodiscard]] inline std::filesystem::path trained_folder() {
  if (const char* given = std::getenv("OCTET_TRAINED"); given != nullptr) return given;
  const auto beside = std::filesystem::path(OCTET_SOURCE_DIR) / "../shared/trained";
  return std::filesystem::exists(beside) ? beside : std::filesystem::path();
}

// Every model in the folder of real models and in the folder of cases beside it; none when they are
// not there.
[[nodiscard]] inline std::vector<std::filesystem::path> model_files() {
  std::vector<std::filesystem::path> out;
  const std::filesystem::path models = models_folder();
  if (models.empty()) return out;
  for (const auto& folder : {models, models / "../cases", models / "../cases/walls"}) {
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".onnx") out.push_back(entry.path());
    }
  }
  return out;
}

}  // namespace octet::test
