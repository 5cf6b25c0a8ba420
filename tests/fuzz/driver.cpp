// Feeds a fuzz target where there is no libFuzzer: its seeds, then damaged ones, the same ones
// every time. The file that broke it is left as crash.bin in the current folder.
//
//   fuzz_npy --seconds 600 --seed 7    that long
//   fuzz_npy FILE…                     these files alone
//   fuzz_npy --write-seeds FOLDER      a corpus for libFuzzer
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz/mutator.hpp"
#include "fuzz/targets/target.hpp"

// A sanitizer ends the program without a signal, after its report.
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using octet::fuzz::File;

const File* tried = nullptr;

void keep_what_broke_it() {
  if (tried == nullptr) return;
  const int fd = ::open("crash.bin", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return;
  (void)!::write(fd, tried->data(), tried->size());
  ::close(fd);
}

void on_crash(int signal) {
  keep_what_broke_it();
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void feed(const File& file) {
  tried = &file;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
  tried = nullptr;
}

File read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return octet::fuzz::file(text);
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int n = 0;
  for (const File& seed : octet::fuzz::seeds()) {
    std::ofstream file(folder / ("seed" + std::to_string(n++)), std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.data()), std::ssize(seed));
  }
}

void fuzz(double seconds, unsigned seed) {
  const auto start = std::chrono::steady_clock::now();
  const auto until = start + std::chrono::duration<double>(seconds);
  const std::vector<File> files = octet::fuzz::seeds();
  for (const File& file : files) feed(file);
  octet::test::Mutator mutator(seed);
  unsigned long runs = 0;
  for (; std::chrono::steady_clock::now() < until; ++runs) {
    File file = files[runs % files.size()];
    mutator.damage(file);
    feed(file);
  }
  std::printf("%lu damaged files survived\n", runs);
}

}  // namespace

int main(int argc, char** argv) {
  if (__sanitizer_set_death_callback != nullptr)
    __sanitizer_set_death_callback(keep_what_broke_it);
  else
    for (const int signal : {SIGSEGV, SIGFPE, SIGBUS}) ::signal(signal, on_crash);
  ::signal(SIGABRT, on_crash);
  double seconds = 0;
  unsigned seed = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--write-seeds") {
      write_seeds(value);
      return 0;
    }
    if (word == "--seconds" || word == "--seed") {
      word == "--seed" ? void(seed = static_cast<unsigned>(std::strtoul(value, nullptr, 10)))
                       : void(seconds = std::strtod(value, nullptr));
      ++i;
      continue;
    }
    feed(read(argv[i]));
  }
  if (seconds > 0) fuzz(seconds, seed);
  return 0;
}
