#include "onnx/external_data.hpp"

#include <gtest/gtest.h>

#include "octet/error.hpp"
#include "support/temporary_folder.hpp"

namespace octet::onnx {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

TensorView tensor_at(std::string_view location, std::uint64_t offset = 0,
                     std::optional<std::uint64_t> length = std::nullopt) {
  TensorView view;
  view.name = "W";
  view.type = base::ElementType::float32;
  view.dims = {4};
  view.elements = 4;
  view.external = ExternalLocation{location, offset, length};
  return view;
}

class ExternalDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    test::write_file(folder_ / "w.data", "0123456789abcdefABCDEFGHIJKLMNOP");
    test::write_file(outside_ / "secret", std::string(64, 's'));
  }
  [[nodiscard]] ExternalData data() const { return {folder_.path(), "m.onnx"}; }
  [[nodiscard]] std::string text(const TensorView& tensor) const {
    ExternalData external = data();
    const Bytes bytes = external.bytes_of(tensor);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // The error, which must open with the file and name the tensor.
  [[nodiscard]] std::string error_of(const TensorView& tensor) const {
    try {
      (void)text(tensor);
    } catch (const Error& error) {
      const std::string message = error.what();
      if (error.code() == ErrorCode::invalid_model) {
        EXPECT_EQ(message.rfind("m.onnx: tensor \"W\": external data ", 0), 0U) << message;
      }
      return message;
    }
    return "accepted";
  }
  void expect_refused(const TensorView& tensor, const std::string& part) const {
    EXPECT_NE(error_of(tensor).find(part), std::string::npos) << error_of(tensor);
  }

  TemporaryFolder folder_;
  TemporaryFolder outside_;
};

TEST_F(ExternalDataTest, GivesTheBytesOfTwoTensorsInOneFile) {
  EXPECT_EQ(text(tensor_at("w.data")), "0123456789abcdef");
  EXPECT_EQ(text(tensor_at("w.data", 16, 16)), "ABCDEFGHIJKLMNOP");
  EXPECT_EQ(text(tensor_at("./w.data", 3)), "3456789abcdefABC");
}

TEST_F(ExternalDataTest, ReadsSubFolders) {
  test::write_file(folder_.path() / "sub" / "deep" / "w", std::string(16, 'x'));
  EXPECT_EQ(text(tensor_at("sub/deep/w")), std::string(16, 'x'));
}

TEST_F(ExternalDataTest, MapsAFileOnce) {
  ExternalData external = data();
  const Bytes first = external.bytes_of(tensor_at("w.data"));
  const Bytes second = external.bytes_of(tensor_at("w.data", 16));
  EXPECT_EQ(first.data() + 16, second.data());
  EXPECT_EQ(external.total_bytes(), 32U);
}

TEST_F(ExternalDataTest, RefusesToClimbOut) {
  const std::string up = "../" + outside_.path().filename().string() + "/secret";
  expect_refused(tensor_at(up), "paths with \"..\" are refused");
  expect_refused(tensor_at("sub/../../w"), "paths with \"..\" are refused");
  expect_refused(tensor_at(".."), "paths with \"..\" are refused");
}

TEST_F(ExternalDataTest, RefusesAbsolutePaths) {
  const std::string path = (outside_ / "secret").string();
  expect_refused(tensor_at(path), "absolute paths are refused");
}

TEST_F(ExternalDataTest, RefusesSymbolicLinksOfFilesAndFolders) {
  fs::create_symlink(outside_ / "secret", folder_ / "link");
  fs::create_directory_symlink(outside_.path(), folder_ / "door");
  fs::create_symlink(folder_ / "w.data", folder_ / "inside");
  expect_refused(tensor_at("link"), "symbolic links are refused");
  expect_refused(tensor_at("door/secret"), "symbolic links are refused");
  expect_refused(tensor_at("inside"), "symbolic links are refused");
}

TEST_F(ExternalDataTest, RefusesAPathWithAZeroByte) {
  expect_refused(tensor_at(std::string_view("w.data\0.txt", 11)), "zero byte");
}

TEST_F(ExternalDataTest, RefusesOffsetsPastTheEnd) {
  expect_refused(tensor_at("w.data", 17), "lie past the end of the file (32 bytes)");
  expect_refused(tensor_at("w.data", 4096), "lie past the end");
  expect_refused(tensor_at("w.data", UINT64_MAX - 7), "lie past the end");
}

TEST_F(ExternalDataTest, RefusesALengthThatIsNotTheShapes) {
  expect_refused(tensor_at("w.data", 0, 15), "holds 15 bytes where the shape asks for 16");
  expect_refused(tensor_at("w.data", 0, UINT64_MAX), "where the shape asks for 16");
}

TEST_F(ExternalDataTest, RefusesAMissingFileAndAFolder) {
  expect_refused(tensor_at("nothing.data"), "nothing.data");
  fs::create_directory(folder_ / "folder");
  expect_refused(tensor_at("folder"), "folder");
}

TEST_F(ExternalDataTest, RefusesAnythingForAModelGivenAsBytes) {
  ExternalData external({}, "model");
  EXPECT_THROW((void)external.bytes_of(tensor_at("w.data")), Error);
}

}  // namespace
}  // namespace octet::onnx
