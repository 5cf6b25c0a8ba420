// The proof: the result is loaded and run before anybody sees it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "graph/graph.hpp"
#include "octet/quantize.hpp"

namespace octet::trial {

// Loads `result` with optimisations fully on and off and runs it on options.data (or seeded
// inputs), checks that its inputs and outputs are those of the original and that float32 outputs
// are finite wherever the original's are. How far they are from the original's is for parity to
// say. Skipped (with the reason) when nobody named an ONNX Runtime and none is found; a named one
// that cannot be loaded throws Error{runtime_missing}. When the original itself
// cannot be run on these inputs, loading is all that can be shown. Throws Error{runtime_failed}
// when the result fails, naming it as `result_name` when that is given: a staged file is unknown to
// the user. Where `gate` has compared the answers, the original is not loaded again. Products in
// integers are held against exact ones before (kernel_check.hpp): a runtime that computes them
// wrong on this machine fails the proof under its own name.
[[nodiscard]] octet::Proof prove(const octet::ModelSource& original, const graph::Graph& graph,
                                 const octet::ModelSource& result,
                                 const octet::QuantizeOptions& options,
                                 const std::string& result_name = "",
                                 const octet::Gate* gate = nullptr);

// What is loaded to prove the staged file at `staged`: the file itself, or, when it is large, a
// twin beside it that points at the weights inside it (graph::Placement::in_original), so that a
// proof takes little more memory than running the model will. Large: `twin_from` bytes and more.
[[nodiscard]] octet::ModelSource provable(const std::filesystem::path& staged,
                                          std::uintmax_t twin_from = std::uintmax_t{32} << 20U);

}  // namespace octet::trial
