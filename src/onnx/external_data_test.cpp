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
  [[nodiscard]] ExternalData data() const { return {model_, "m.onnx"}; }
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
  fs::path model_ = folder_ / "m.onnx";
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

TEST_F(ExternalDataTest, FollowsLinksThatStayInTheModelsFolder) {
  test::write_file(folder_.path() / "sub" / "w", std::string(16, 'x'));
  fs::create_symlink("w.data", folder_ / "inside");
  fs::create_symlink(folder_ / "w.data", folder_.path() / "sub" / "up");
  fs::create_directory_symlink("sub", folder_ / "door");
  EXPECT_EQ(text(tensor_at("inside")), "0123456789abcdef");
  EXPECT_EQ(text(tensor_at("sub/up")), "0123456789abcdef");
  EXPECT_EQ(text(tensor_at("door/w")), std::string(16, 'x'));
}

TEST_F(ExternalDataTest, RefusesLinksThatLeadOutOfTheModelsFolder) {
  fs::create_symlink(outside_ / "secret", folder_ / "link");
  fs::create_symlink("../" + outside_.path().filename().string() + "/secret", folder_ / "climbing");
  fs::create_symlink("link", folder_ / "twice");
  fs::create_directory_symlink(outside_.path(), folder_ / "door");
  for (const char* location : {"link", "climbing", "twice", "door/secret"})
    expect_refused(tensor_at(location), "a symbolic link leads out of the model's folder");
  fs::create_symlink("loop", folder_ / "loop");
  expect_refused(tensor_at("loop"), "loop");
}

// A folder whose name only begins like the model's is another one.
TEST_F(ExternalDataTest, TakesNoFolderForAnotherOfALongerName) {
  const fs::path longer = folder_.path().string() + "-longer";
  test::write_file(longer / "w", std::string(16, 'x'));
  fs::create_symlink(longer / "w", folder_ / "link");
  expect_refused(tensor_at("link"), "leads out of the model's folder");
  fs::remove_all(longer);
}

// snapshots/<revision>/model.onnx and its data are links into blobs/, named by their hashes.
class HubCache : public ExternalDataTest {
 protected:
  void SetUp() override {
    ExternalDataTest::SetUp();
    test::write_file(folder_.path() / "blobs" / "5eba", "the model");
    test::write_file(folder_.path() / "blobs" / "c0de", "0123456789abcdef");
    model_ = folder_.path() / "snapshots" / "rev" / "onnx" / "model.onnx";
    fs::create_directories(model_.parent_path());
    link("model.onnx", "../../../blobs/5eba");
    link("model.onnx_data", "../../../blobs/c0de");
  }
  void link(const char* name, const fs::path& target) const {
    fs::create_symlink(target, model_.parent_path() / name);
  }
};

TEST_F(HubCache, IsReadThroughTheLinksOfTheModelAndItsData) {
  EXPECT_EQ(text(tensor_at("model.onnx_data")), "0123456789abcdef");
}

TEST_F(HubCache, IsReadThroughALinkedSnapshotToo) {
  fs::create_directory_symlink("rev", folder_.path() / "snapshots" / "main");
  model_ = folder_.path() / "snapshots" / "main" / "onnx" / "model.onnx";
  EXPECT_EQ(text(tensor_at("model.onnx_data")), "0123456789abcdef");
}

TEST_F(HubCache, IsLeftByNoLink) {
  link("secret", outside_ / "secret");
  link("up", "../../../w.data");  // beside blobs and snapshots
  link("blobs", "../../../blobs");
  fs::create_symlink(outside_ / "secret", folder_.path() / "blobs" / "f00d");
  link("through", "../../../blobs/f00d");
  for (const char* location : {"secret", "up", "through", "blobs/f00d"})
    expect_refused(tensor_at(location), "a symbolic link leads out of the model's folder");
  expect_refused(tensor_at("blobs/../secret"), "paths with \"..\" are refused");
  EXPECT_EQ(text(tensor_at("blobs/c0de")), "0123456789abcdef");
}

// Data in the folder of blobs are no reason for a model that is no link to reach them.
TEST_F(HubCache, IsClosedToAModelThatIsNoLink) {
  fs::remove(model_);
  test::write_file(model_, "a model");
  expect_refused(tensor_at("model.onnx_data"), "a symbolic link leads out of the model's folder");
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

TEST_F(ExternalDataTest, CountsPackedElementsAsOnnxDoes) {
  TensorView tensor = tensor_at("w.data");
  tensor.dims = {7};
  tensor.elements = 7;
  for (const auto& [type, bytes] :
       {std::pair{base::ElementType::int4, 4U}, std::pair{base::ElementType::float4e2m1, 4U},
        std::pair{base::ElementType::uint2, 2U}, std::pair{base::ElementType::float8e5m2, 7U}}) {
    tensor.type = type;
    tensor.external->length.reset();
    EXPECT_EQ(text(tensor).size(), bytes);
    tensor.external->length = bytes;
    EXPECT_EQ(text(tensor).size(), bytes);
    tensor.external->length = bytes + 1;
    expect_refused(tensor, "where the shape asks for " + std::to_string(bytes));
  }
}

TEST_F(ExternalDataTest, TakesTheSpanOfATypeNobodyKnowsAsItIsDeclared) {
  TensorView tensor = tensor_at("w.data", 16, 3);
  tensor.type = static_cast<base::ElementType>(99);
  EXPECT_EQ(text(tensor), "ABC");
  tensor.external->length.reset();
  EXPECT_EQ(text(tensor), "ABCDEFGHIJKLMNOP");
  tensor.external->length = 17;
  expect_refused(tensor, "lie past the end");
  tensor.external = ExternalLocation{"w.data", 33, std::nullopt};
  expect_refused(tensor, "lie past the end");
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
