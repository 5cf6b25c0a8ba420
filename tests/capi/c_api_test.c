/* include/octet.h from plain C: c_api_test <examples/digits> <scratch folder> [ONNX Runtime
 * library]. */
#include <octet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void claim(int holds, const char* what, const char* detail) {
  printf("%s %s\n", holds ? "ok    " : "FAILED", what);
  if (holds) return;
  printf("       %.2000s\n", detail);
  ++failures;
}

static int says(const octet_result* result, const char* text) {
  return strstr(octet_json(result), text) != NULL;
}

static void* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  void* bytes = NULL;
  if (file == NULL) exit(2);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  bytes = malloc(*size);
  if (bytes == NULL || fread(bytes, 1, *size, file) != *size) exit(2);
  fclose(file);
  return bytes;
}

static char digits[1024], scratch[1024], library[1024];
static int with_runtime;

/* Options as JSON with the runtime's library; `more` are other fields. Two may be in use at once.
 */
static const char* options(const char* more) {
  static char text[2][4096];
  static int turn = 0;
  turn = 1 - turn;
  snprintf(text[turn], sizeof text[turn], "{\"runtime\": {\"library\": \"%s\"}%s%s}", library,
           *more ? ", " : "", more);
  return text[turn];
}

static int stop_at_once(const octet_progress* progress, void* user) {
  *(int*)user += progress->stage[0] != '\0';
  return 1;
}

static void refusals(void) {
  octet_request request = OCTET_REQUEST;
  octet_result* result = octet_quantize(NULL);
  claim(octet_code(result) == 2 && says(result, "invalid_argument"),
        "NULL is refused, not followed", octet_json(result));
  octet_free(result);

  result = octet_quantize(&request);
  claim(octet_code(result) == 2 && says(result, "neither path nor bytes"),
        "a request without a model is refused", octet_json(result));
  octet_free(result);

  request.model.bytes = "no model";
  request.model.size = 8;
  result = octet_inspect(&request);
  claim(octet_code(result) == 2 && says(result, "invalid_model"),
        "what is no model is an error with a code", octet_json(result));
  octet_free(result);

  request.options = "{\"planning\": {\"targt\": \"avx2\"}}";
  result = octet_quantize(&request);
  claim(says(result, "did you mean \\\"target\\\"?"),
        "an unknown option is refused with the nearest name", octet_json(result));
  octet_free(result);

  request.struct_size = 8;
  result = octet_quantize(&request);
  claim(says(result, "struct_size"), "a request of no known size is refused", octet_json(result));
  octet_free(result);
  octet_free(NULL);
  claim(octet_api_version() >= OCTET_API_VERSION, "the library is as new as the header", "");
}

static void memory_to_memory(const void* model, size_t size, const octet_tensor* rows) {
  octet_request request = OCTET_REQUEST;
  octet_result *result, *other;
  octet_tensor recorded;
  const octet_tensor* answers = NULL;
  const void* made;
  size_t made_size = 0, count;
  int stop = 1, calls = 0;

  request.model.bytes = model;
  request.model.size = size;
  request.data = rows;
  request.data_count = 1;
  request.options = options("\"speed_seconds\": 0");
  result = octet_quantize(&request);
  made = octet_bytes(result, &made_size);
  claim(octet_code(result) == 0 && made != NULL && made_size * 2 < size,
        "quantize makes INT8 bytes of bytes", octet_json(result));
  claim(says(result, "\"status\": \"passed\"") || !with_runtime, "they passed the gate",
        octet_json(result));

  if (with_runtime) {
    request.options = options("");
    request.candidate.bytes = made;
    request.candidate.size = made_size;
    other = octet_parity(&request);
    claim(octet_code(other) == 0 && says(other, "\"verdict\": \"passed\""),
          "parity passes on rows in memory", octet_json(other));
    octet_free(other);

    other = octet_predict(&request);
    count = octet_tensors(other, &answers);
    claim(octet_code(other) == 0 && count > 0 && answers[0].shape[0] == rows->shape[0],
          "predict gives a row for each row", octet_json(other));
    if (count > 0) {
      octet_result* held;
      recorded = answers[count - 1];
      request.recorded = &recorded;
      request.recorded_count = 1;
      held = octet_parity(&request);
      claim(octet_code(held) == 0, "recorded answers in memory are a reference", octet_json(held));
      octet_free(held);
      request.recorded_count = 0;
    }
    octet_free(other);

    request.options = options("\"seconds\": 0.05, \"min_runs\": 4, \"warmup_seconds\": 0");
    other = octet_bench(&request);
    claim(octet_code(other) == 0 && says(other, "\"p50_us\""), "bench measures bytes",
          octet_json(other));
    octet_free(other);
  }

  request.options = options("");
  request.progress = stop_at_once;
  request.user = &calls;
  other = octet_quantize(&request);
  claim(octet_code(other) == 2 && says(other, "\"cancelled\"") && calls > 0,
        "the progress function stops a call", octet_json(other));
  octet_free(other);
  request.progress = NULL;
  request.stop = &stop;
  other = octet_quantize(&request);
  claim(octet_code(other) == 2 && says(other, "\"cancelled\""), "the stop flag stops a call",
        octet_json(other));
  octet_free(other);
  octet_free(result);
}

static void file_to_file(const char* model) {
  octet_request request = OCTET_REQUEST;
  octet_result* result;
  char output[1200];
  size_t size = 1;
  snprintf(output, sizeof output, "%s/c_api.int8.onnx", scratch);
  request.model.path = model;
  request.output = output;
  request.options = options("\"speed_seconds\": 0");
  result = octet_quantize(&request);
  claim(octet_code(result) == 0 && says(result, "\"written\": true") &&
            octet_bytes(result, &size) == NULL && size == 0,
        "quantize writes the file that is named", octet_json(result));
  octet_free(result);
  request.options = "{\"exclude\": [\"*\"], \"storage\": \"float32\"}";
  request.output = NULL;
  result = octet_inspect(&request);
  claim(octet_code(result) == 0 && says(result, "\"excluded\""),
        "inspect takes the options of a plan", octet_json(result));
  octet_free(result);
  request.options = "{\"planning\": {\"exclude\": [\"*\"], \"storage\": \"float32\"}}";
  result = octet_quantize(&request);
  claim(octet_code(result) == 1 && says(result, "\"unchanged\": true"),
        "nothing to quantize is the answer no", octet_json(result));
  octet_free(result);
}

int main(int argc, char** argv) {
  char path[1200];
  size_t model_size = 0, rows_size = 0;
  void *model, *rows;
  octet_tensor tensor;
  int64_t shape[2];
  if (argc < 3) return 2;
  snprintf(digits, sizeof digits, "%s", argv[1]);
  snprintf(scratch, sizeof scratch, "%s", argv[2]);
  with_runtime = argc > 3 && argv[3][0] != '\0';
  snprintf(library, sizeof library, "%s", with_runtime ? argv[3] : "/nowhere/libonnxruntime.so");

  snprintf(path, sizeof path, "%s/test_rows.npy", digits);
  rows = read_file(path, &rows_size);
  snprintf(path, sizeof path, "%s/digits.onnx", digits);
  model = read_file(path, &model_size);
  shape[1] = 64; /* pixels, behind a header of 128 bytes */
  shape[0] = (int64_t)((rows_size - 128) / 64 / sizeof(float));
  memset(&tensor, 0, sizeof tensor);
  tensor.type = "float32";
  tensor.shape = shape;
  tensor.rank = 2;
  tensor.data = (const char*)rows + 128;
  tensor.size_bytes = rows_size - 128;

  refusals();
  if (with_runtime) {
    memory_to_memory(model, model_size, &tensor);
    file_to_file(path);
  }
  free(model);
  free(rows);
  if (failures == 0 && !with_runtime) {
    printf("skipped: no ONNX Runtime; only refusals were tried\n");
    return 77;
  }
  return failures == 0 ? 0 : 1;
}
