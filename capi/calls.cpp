// The functions of octet.h: each a call of include/octet, behind the one place where exceptions
// end.
#include <new>
#include <string>
#include <utility>

#include "octet/octet.hpp"
#include "octet/options_json.hpp"
#include "request.hpp"
#include "result.hpp"

namespace octet::capi {
namespace {

constexpr int yes = 0, no = 1, could_not = 2;

// Given where there is no memory for another; octet_free leaves it alone.
octet_result& out_of_memory() {
  static octet_result result;
  return result;
}
constexpr const char* out_of_memory_json =
    R"({"schema_version": 1, "error": {"code": "out_of_memory", "message": "not enough memory", "exit_code": 2}})";

void fail(octet_result& result, std::string_view code, const char* message) {
  result = {};
  result.json = to_json(Failure{std::string(code), in_field_words(message), could_not});
}

// `work` fills in a result; whatever it throws becomes one.
template <typename Work>
octet_result* guarded(const octet_request* request, const Work& work) noexcept {
  octet_result* result = nullptr;
  try {
    result = new octet_result;
    try {
      work(known(request), *result);
    } catch (const Error& error) {
      fail(*result, name_of(error.code()), error.what());
    } catch (const std::bad_alloc&) {
      fail(*result, "out_of_memory", "not enough memory");
    } catch (const std::exception& error) {
      fail(*result, "internal", error.what());
    } catch (...) {
      fail(*result, "internal", "an exception of no known type");
    }
    return result;
  } catch (...) {
    delete result;
    return &out_of_memory();
  }
}

template <typename Options>
Options read_options(const octet_request& request, bool with_json = true) {
  Options out;
  if (with_json) read_json(options(request), out);
  if constexpr (requires { out.data; }) out.data.arrays = arrays(request.data, request.data_count);
  if constexpr (requires { out.progress; }) out.progress = progress(request);
  return out;
}

void put(octet_result& result, int code, std::string json) {
  result.code = code;
  result.json = std::move(json);
}

void quantize(const octet_request& request, octet_result& result) {
  const auto how = read_options<QuantizeOptions>(request);
  const ModelSource model = source(request.model, "model");
  QuantizeReport report;
  if (request.output != nullptr) {
    report = octet::quantize(model, request.output, how);
  } else {
    QuantizedBytes made = quantize_bytes(model, how);
    result.bytes = std::move(made.bytes);
    report = std::move(made.report);
  }
  const bool is_refused = report.gate.status == Gate::Status::failed && !how.keep_best;
  const bool answer_is_no = is_refused || (report.unchanged && !how.allow_unchanged);
  put(result, answer_is_no ? no : yes, to_json(report));
}

void parity(const octet_request& request, octet_result& result) {
  auto how = read_options<ParityOptions>(request, false);
  const std::string shard = read_sharded(options(request), how);
  const ModelSource candidate = source(request.candidate, "candidate");
  if (!shard.empty()) {
    put(result, yes,
        parity_shard(source(request.model, "reference"), candidate, how, shard_from_text(shard)));
    return;
  }
  const ParityReport report =
      request.recorded_count > 0
          ? octet::parity(arrays(request.recorded, request.recorded_count), candidate, how)
          : octet::parity(source(request.model, "reference"), candidate, how);
  put(result, report.passed ? yes : no, to_json(report));
}

void merge_parity(const octet_request& request, octet_result& result) {
  const ParityReport report = octet::merge_parity(read_shards(options(request)));
  put(result, report.passed ? yes : no, to_json(report));
}

void bench(const octet_request& request, octet_result& result) {
  const auto how = read_options<BenchOptions>(request);
  put(result, yes,
      to_json(octet::bench(source(request.model, "reference"),
                           source(request.candidate, "candidate"), how)));
}

void predict(const octet_request& request, octet_result& result) {
  const auto how = read_options<PredictOptions>(request);
  result.hold(octet::predict(source(request.model, "model"), how));
  put(result, yes, "{}\n");
}

void inspect(const octet_request& request, octet_result& result) {
  const auto how = read_options<PlanOptions>(request);
  put(result, yes, to_json(octet::inspect(source(request.model, "model"), how)));
}

void sensitivity(const octet_request& request, octet_result& result) {
  const auto how = read_options<SensitivityOptions>(request);
  put(result, yes, to_json(octet::sensitivity(source(request.model, "model"), how)));
}

void export_model(const octet_request& request, octet_result& result) {
  const auto how = read_options<ExportOptions>(request);
  const ModelSource model = source(request.model, "model");
  ExportReport report;
  if (request.output != nullptr) {
    report = octet::export_model(model, request.output, how);
  } else {
    ExportedBytes made = octet::export_bytes(model, how);
    result.bytes = std::move(made.bytes);
    report = std::move(made.report);
  }
  put(result, report.proof.status == ExportProof::Status::failed ? no : yes, to_json(report));
}

void version(const octet_request& request, octet_result& result) {
  put(result, yes, to_json(octet::version(read_options<RuntimeOptions>(request))));
}

}  // namespace
}  // namespace octet::capi

unsigned octet_api_version(void) {
  return OCTET_API_VERSION;
}
octet_result* octet_quantize(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::quantize);
}
octet_result* octet_parity(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::parity);
}
octet_result* octet_merge_parity(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::merge_parity);
}
octet_result* octet_bench(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::bench);
}
octet_result* octet_predict(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::predict);
}
octet_result* octet_inspect(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::inspect);
}
octet_result* octet_sensitivity(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::sensitivity);
}
octet_result* octet_export(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::export_model);
}
octet_result* octet_version(const octet_request* request) {
  return octet::capi::guarded(request, octet::capi::version);
}

int octet_code(const octet_result* result) {
  return result->code;
}
const char* octet_json(const octet_result* result) {
  return result == &octet::capi::out_of_memory() ? octet::capi::out_of_memory_json
                                                 : result->json.c_str();
}
const void* octet_bytes(const octet_result* result, size_t* size) {
  *size = result->bytes.size();
  return result->bytes.empty() ? nullptr : result->bytes.data();
}
size_t octet_tensors(const octet_result* result, const octet_tensor** tensors) {
  *tensors = result->tensors.empty() ? nullptr : result->tensors.data();
  return result->tensors.size();
}
void octet_free(octet_result* result) {
  if (result != &octet::capi::out_of_memory()) delete result;
}
