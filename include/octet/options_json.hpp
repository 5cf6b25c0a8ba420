// Options out of JSON, for programs in other languages: the fields by the names that
// include/octet/fields gives them, structs within as objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "octet/bench.hpp"
#include "octet/export.hpp"
#include "octet/parity.hpp"
#include "octet/parity_shards.hpp"
#include "octet/predict.hpp"
#include "octet/quantize.hpp"
#include "octet/sensitivity.hpp"

namespace octet {

// What is missing keeps its value; so does everything where `text` is empty. Throws
// Error{invalid_argument} that names the field for unknown fields, wrong types and what is no JSON.
// Arrays of data have no JSON.
void read_json(std::string_view text, QuantizeOptions& options);
void read_json(std::string_view text, PlanOptions& options);
void read_json(std::string_view text, ParityOptions& options);
void read_json(std::string_view text, BenchOptions& options);
void read_json(std::string_view text, PredictOptions& options);
void read_json(std::string_view text, SensitivityOptions& options);
void read_json(std::string_view text, ExportOptions& options);
void read_json(std::string_view text, RuntimeOptions& options);

// Options of parity that may name a share, "shard": "3/16", which is returned; "" where there is
// none.
[[nodiscard]] std::string read_sharded(std::string_view text, ParityOptions& options);
// {"shards": ["…", …]}: what parity_shard wrote.
[[nodiscard]] std::vector<ShardText> read_shards(std::string_view text);

// A message of the library with the names of fields where it has those of the program's options:
// "--abs-tol is -1; …" becomes "abs_tol is -1; …".
[[nodiscard]] std::string in_field_words(std::string_view message);

}  // namespace octet
