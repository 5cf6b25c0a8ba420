/* Octet inside a C program: a model in memory is quantized into memory and written.
 *   embed_c model.onnx model.int8.onnx */
#include <octet.h>
#include <stdio.h>
#include <stdlib.h>

static void* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  void* bytes;
  long length;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0) return NULL;
  rewind(file);
  *size = (size_t)length;
  bytes = malloc(*size + 1);
  if (bytes != NULL && fread(bytes, 1, *size, file) != *size) *size = 0;
  fclose(file);
  return bytes;
}

static int on_progress(const octet_progress* progress, void* user) {
  (void)user;
  fprintf(stderr, "%s\r", progress->stage);
  return 0; /* anything else would cancel */
}

int main(int argc, char** argv) {
  octet_request request = OCTET_REQUEST;
  octet_result* result;
  const void* made;
  size_t made_size;
  int code;
  if (argc != 3) {
    fprintf(stderr, "usage: embed_c model.onnx model.int8.onnx\n");
    return 2;
  }
  request.model.bytes = read_file(argv[1], &request.model.size);
  request.options = "{\"planning\": {\"target\": \"portable\"}, \"speed_seconds\": 0}";
  request.progress = on_progress;

  result = octet_quantize(&request);
  code = octet_code(result); /* 0: yes, 1: no and the report says why, 2: an error document */
  made = octet_bytes(result, &made_size);
  if (made == NULL) {
    fprintf(stderr, "%s", octet_json(result));
  } else {
    FILE* file = fopen(argv[2], "wb");
    printf("%lu -> %lu bytes\n", (unsigned long)request.model.size, (unsigned long)made_size);
    if (file == NULL || fwrite(made, 1, made_size, file) != made_size) code = 2;
    if (file != NULL && fclose(file) != 0) code = 2;
  }
  octet_free(result);
  free((void*)request.model.bytes);
  return code;
}
