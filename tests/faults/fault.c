/* A library to preload: one call of a function fails, or waits, once.
 *
 *   OCTET_FAULT=rename:3:5       the third rename() of the process fails with errno 5
 *   OCTET_FAULT=rename:3:pause   it waits until the file $OCTET_FAULT_SIGN.go is there, then goes
 * on OCTET_FAULT_SIGN=path        is made when the call is reached
 *
 * Functions are told apart by name alone, so that open and open64 are one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int calls;

static void make_sign(void) {
  const char* sign = getenv("OCTET_FAULT_SIGN");
  const long fd = syscall(SYS_openat, AT_FDCWD, sign, O_CREAT | O_WRONLY, 0600);
  if (fd >= 0) syscall(SYS_close, fd);
}

static void wait_for_go(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s.go", getenv("OCTET_FAULT_SIGN"));
  while (syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0) usleep(1000);
}

/* The errno this call has to fail with, or 0. */
static int fault(const char* name) {
  const char* wanted = getenv("OCTET_FAULT");
  const size_t length = strlen(name);
  if (wanted == NULL || strncmp(wanted, name, length) != 0 || wanted[length] != ':') return 0;
  char* how = NULL;
  const long number = strtol(wanted + length + 1, &how, 10);
  if (atomic_fetch_add(&calls, 1) + 1 != number) return 0;
  make_sign();
  if (strcmp(how, ":pause") != 0) return atoi(how + 1);
  wait_for_go();
  return 0;
}

/* Defines `function` with the given parameters: fails with -1 and errno, or calls the real one. */
#define WITH_FAULT(name, function, parameters, arguments)                   \
  int function parameters {                                                 \
    const int error = fault(name);                                          \
    if (error != 0) {                                                       \
      errno = error;                                                        \
      return -1;                                                            \
    }                                                                       \
    int(*real) parameters = (int(*) parameters)dlsym(RTLD_NEXT, #function); \
    return real arguments;                                                  \
  }

#define OPEN_WITH_FAULT(function)                                               \
  int function(const char* path, int flags, ...) {                              \
    va_list list;                                                               \
    va_start(list, flags);                                                      \
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;      \
    va_end(list);                                                               \
    const int error = fault("open");                                            \
    if (error != 0) {                                                           \
      errno = error;                                                            \
      return -1;                                                                \
    }                                                                           \
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode); \
  }

OPEN_WITH_FAULT(open)
OPEN_WITH_FAULT(open64)
WITH_FAULT("fsync", fsync, (int fd), (fd))
WITH_FAULT("flock", flock, (int fd, int how), (fd, how))
WITH_FAULT("fchmod", fchmod, (int fd, mode_t mode), (fd, mode))
WITH_FAULT("ftruncate", ftruncate, (int fd, off_t size), (fd, size))
WITH_FAULT("ftruncate", ftruncate64, (int fd, off_t size), (fd, size))
WITH_FAULT("rename", rename, (const char* from, const char* to), (from, to))
WITH_FAULT("rename", renameat2, (int a, const char* from, int b, const char* to, unsigned flags),
           (a, from, b, to, flags))
WITH_FAULT("link", link, (const char* from, const char* to), (from, to))
WITH_FAULT("unlink", unlink, (const char* path), (path))
WITH_FAULT("unlink", unlinkat, (int fd, const char* path, int flags), (fd, path, flags))
WITH_FAULT("rmdir", rmdir, (const char* path), (path))
WITH_FAULT("mkdir", mkdir, (const char* path, mode_t mode), (path, mode))

static void* mapped(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  const int error = fault("mmap");
  if (error != 0) {
    errno = error;
    return MAP_FAILED;
  }
  return (void*)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}

void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  return mapped(at, size, protection, flags, fd, offset);
}

void* mmap64(void* at, size_t size, int protection, int flags, int fd, off_t offset) {
  return mapped(at, size, protection, flags, fd, offset);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  const int error = fault("write");
  if (error != 0) {
    errno = error;
    return -1;
  }
  return syscall(SYS_write, fd, bytes, size);
}

char* mkdtemp(char* pattern) {
  const int error = fault("mkdtemp");
  if (error != 0) {
    errno = error;
    return NULL;
  }
  char* (*real)(char*) = (char* (*)(char*))dlsym(RTLD_NEXT, "mkdtemp");
  return real(pattern);
}

int posix_fallocate(int fd, off_t offset, off_t size) {
  const int error = fault("posix_fallocate");
  if (error != 0) return error;
  int (*real)(int, off_t, off_t) = (int (*)(int, off_t, off_t))dlsym(RTLD_NEXT, "posix_fallocate");
  return real(fd, offset, size);
}
