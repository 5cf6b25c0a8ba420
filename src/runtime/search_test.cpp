#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "octet/error.hpp"
#include "runtime/library.hpp"
#include "runtime/session.hpp"
#include "support/claims.hpp"
#include "support/places.hpp"

namespace octet::runtime {
namespace {

using test::says;
namespace fs = std::filesystem;

std::string refusal(const octet::RuntimeOptions& options) {
  return test::refusal(ErrorCode::runtime_missing, [&] { (void)load_library(options); });
}

octet::RuntimeOptions named(const fs::path& path) {
  octet::RuntimeOptions options;
  options.library = path;
  return options;
}

fs::path scratch(const std::string& name, const std::string& content) {
  const fs::path path = fs::path(::testing::TempDir()) / name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

TEST(Search, RefusesANamedLibraryThatIsMissingWithoutFallingBack) {
  auto options = named("/no/such/libonnxruntime.so.1");
  options.fallbacks = {test::ort_library()};
  const auto words = refusal(options);
  EXPECT_TRUE(says(words, "/no/such/libonnxruntime.so.1 (given by --ort): does not exist"));
  EXPECT_TRUE(says(words, "scripts/setup"));
  EXPECT_TRUE(says(words, "onnxruntime-node"));
}

TEST(Search, NamesTheEnvironmentVariableItWasToldBy) {
  octet::RuntimeOptions options;
  options.environment_library = "/no/such/library.so";
  options.fallbacks = {test::ort_library()};
  EXPECT_TRUE(says(refusal(options), "(given by OCTET_ORT): does not exist"));
}

TEST(Search, RefusesAFileThatIsNoLibrary) {
  const auto path = scratch("octet_not_a_library.so", "text\nmore text\n");
  EXPECT_TRUE(says(refusal(named(path)), "cannot be loaded"));
  fs::remove(path);
}

TEST(Search, RefusesALibraryThatIsNotOnnxRuntime) {
  fs::path other;
  for (const char* path : {"/lib/x86_64-linux-gnu/libm.so.6", "/lib/aarch64-linux-gnu/libm.so.6"}) {
    if (fs::exists(path)) other = path;
  }
  if (other.empty()) GTEST_SKIP() << "libm is not where this test looks";
  EXPECT_TRUE(says(refusal(named(other)), "not ONNX Runtime"));
}

TEST(Search, RefusesAFolderWithoutTheLibraryAndADevice) {
  const auto folder = fs::path(::testing::TempDir()) / "octet_empty_folder";
  fs::create_directories(folder);
  EXPECT_TRUE(says(refusal(named(folder)), "is a folder without libonnxruntime.so"));
  fs::remove(folder);
  EXPECT_TRUE(says(refusal(named("/dev/null")), "is not a regular file"));
}

TEST(Search, FindsTheLibraryInAFolderAndGivesTheSameObjectTwice) {
  const auto path = test::ort_library();
  if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  const auto by_file = load_library(named(path));
  EXPECT_EQ(by_file, load_library(named(path)));
  if (path.filename().string().starts_with("libonnxruntime.so")) {
    EXPECT_EQ(by_file, load_library(named(path.parent_path())));
  }
}

TEST(Search, DescribesTheLibrary) {
  const auto path = test::ort_library();
  if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  const auto info = describe(*load_library(named(path)));
  EXPECT_TRUE(info.available);
  EXPECT_TRUE(info.version.starts_with("1."));
  EXPECT_GE(info.api_version, oldest_api);
  EXPECT_LE(info.api_version, newest_api);
  EXPECT_TRUE(fs::exists(info.library));
}

TEST(Search, TriesTheFallbacksInOrder) {
  const auto path = test::ort_library();
  if (path.empty()) GTEST_SKIP() << "no ONNX Runtime library: set OCTET_ORT";
  const auto bad = scratch("octet_bad_fallback.so", "not a library");
  octet::RuntimeOptions options;
  options.fallbacks = {"/no/such/fallback.so", bad, path};
  EXPECT_TRUE(describe(*load_library(options)).available);
  fs::remove(bad);
}

TEST(Search, TellsEverythingThatWasTried) {
  octet::RuntimeOptions options;
  options.fallbacks = {"/no/such/fallback.so"};
  try {
    (void)load_library(options);
    GTEST_SKIP() << "the system has an ONNX Runtime library";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::runtime_missing);
    EXPECT_TRUE(says(error.what(), "the system's libonnxruntime.so.1"));
    EXPECT_TRUE(says(error.what(), "/no/such/fallback.so, which does not exist"));
    EXPECT_TRUE(says(error.what(), "OCTET_ORT"));
  }
}

TEST(Unwrapped, HasASpaceWhereLineBreaksAndBlanksWere) {
  EXPECT_EQ(unwrapped("a\n  b\r\n\tc \n"), "a b c");
  EXPECT_EQ(unwrapped(""), "");
}

}  // namespace
}  // namespace octet::runtime
