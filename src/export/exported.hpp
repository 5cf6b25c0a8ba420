// From a trained model's file to a proven ONNX model in memory.
#pragma once

#include <string>

#include "octet/export.hpp"

namespace octet::exporting {

// The exported model; empty when its proof failed. `report.output` is what it is called; the rest
// of the report is filled in. Throws Error for files that cannot be read or are not supported.
[[nodiscard]] std::string exported(const ModelSource& source, const ExportOptions& options,
                                   ExportReport& report);

}  // namespace octet::exporting
