/* Octet for every language that can call C: float ONNX in, proven INT8 ONNX out.
 *
 * A call takes a request and gives a result. Options go in and reports come out as JSON, with the
 * names of include/octet/fields (docs/schema has the reports, docs/c-api.md the options); models
 * and tensors are pointers and are not copied on the way in. Nothing is printed, no file is written
 * but those that are named, no exception comes out.
 *
 *   octet_request request = OCTET_REQUEST;
 *   request.model.path = "model.onnx";
 *   request.output = "model.int8.onnx";
 *   octet_result *result = octet_quantize(&request);
 *   puts(octet_json(result));
 *   int code = octet_code(result);
 *   octet_free(result);
 *
 * Threads: any function may be called from any thread, and from several at once, each with a
 * request of its own. What a request points to must not change until the call returns. A result
 * belongs to one thread at a time.
 *
 * Process: the first mapping of a file installs a handler of SIGBUS, for files that are cut short
 * while they are read; it hands on every other SIGBUS to the handler that was there. ONNX Runtime
 * is loaded at the first call that runs a model and stays loaded. */
#ifndef OCTET_H
#define OCTET_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define OCTET_C_API
#else
#define OCTET_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Grows by one when functions, or fields at the end of a struct, are added. What takes something
 * away or changes it is a new SONAME (liboctet.so.N). */
#define OCTET_API_VERSION 1

/* Of the library that is loaded: at least what the program was compiled with, or functions may be
 * missing. */
OCTET_C_API unsigned octet_api_version(void);

/* A file when `path` is not NULL, else bytes. Bytes may not have external data. */
typedef struct octet_model {
  const char* path;
  const void* bytes;
  size_t size;
} octet_model;

/* A dense array, row-major, elements in the machine's order. */
typedef struct octet_tensor {
  const char* name; /* of the input or output; NULL: in the model's order */
  const char* type; /* "float32", "int64", "string", ... */
  const int64_t* shape;
  size_t rank;
  const void* data; /* NULL for strings */
  size_t size_bytes;
  const char* const* strings; /* as many as the shape has elements; NULL for numbers */
  const char* const*
      keys; /* of results that are maps: the names of the last axis' columns; else NULL */
} octet_tensor;

typedef struct octet_progress {
  const char* stage; /* "quantize", "prove", "measure", ...; valid during the call */
  uint64_t done;
  uint64_t total; /* 0: not known */
  int is_bytes;   /* what done and total count: bytes, else rows, rounds, plans */
} octet_progress;

/* Called now and then, from the thread of the call or one of its workers, never from two at once.
 * Anything but 0 asks the call to stop; it then ends with the error "cancelled" and leaves nothing
 * behind. */
typedef int (*octet_progress_function)(const octet_progress* progress, void* user);

typedef struct octet_request {
  size_t struct_size;    /* sizeof(octet_request): OCTET_REQUEST sets it */
  const char* options;   /* JSON; NULL: defaults */
  octet_model model;     /* the model; of parity and bench the reference */
  octet_model candidate; /* of parity and bench */
  const char* output;    /* where quantize and export write; NULL: into the result */
  const octet_tensor*
      data; /* what the models are fed with; NULL: data.files of the options, or made up */
  size_t data_count;
  const octet_tensor* recorded; /* of parity: answers at hand, in place of a reference */
  size_t recorded_count;
  octet_progress_function progress; /* or NULL */
  void* user;                       /* handed to it */
  const volatile int* stop; /* or NULL; another thread sets it to anything but 0 to end the call */
} octet_request;

/* Everything else is zero. */
#define OCTET_REQUEST \
  { sizeof(octet_request), 0, {0, 0, 0}, {0, 0, 0}, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct octet_result octet_result;

/* Each gives a result that octet_free takes back; never NULL. Options, report and the answer no of
 * each: */
OCTET_C_API octet_result* octet_quantize(
    const octet_request* request); /* no: nothing to quantize, or the gate failed */
OCTET_C_API octet_result* octet_parity(const octet_request* request); /* no: not passed */
/* With "shard": "3/16" among the options of parity: that share of it, as JSON. All shares' texts,
 * in any order, as options {"shards": ["...", ...]}, make the report of the whole, byte for byte.
 */
OCTET_C_API octet_result* octet_merge_parity(const octet_request* request);
OCTET_C_API octet_result* octet_bench(const octet_request* request);
OCTET_C_API octet_result* octet_predict(
    const octet_request* request); /* tensors; the report names them */
OCTET_C_API octet_result* octet_inspect(
    const octet_request* request); /* options: those of a plan */
OCTET_C_API octet_result* octet_sensitivity(const octet_request* request);
OCTET_C_API octet_result* octet_export(const octet_request* request); /* no: the proof failed */
OCTET_C_API octet_result* octet_version(
    const octet_request* request); /* options: those of the runtime */

/* 0: yes, done. 1: no; the report says why and what to do. 2: it could not be done, and octet_json
 * gives
 * {"error": {"code": "invalid_model", "message": "...", ...}} (docs/schema/error.json). */
OCTET_C_API int octet_code(const octet_result* result);

/* What the following give lives until octet_free. */
OCTET_C_API const char* octet_json(const octet_result* result);
/* The model that quantize or export made where no output was named; NULL and 0: there is none. */
OCTET_C_API const void* octet_bytes(const octet_result* result, size_t* size);
/* What predict found; returns how many. */
OCTET_C_API size_t octet_tensors(const octet_result* result, const octet_tensor** tensors);

/* NULL does nothing. */
OCTET_C_API void octet_free(octet_result* result);

#ifdef __cplusplus
}
#endif

#endif
