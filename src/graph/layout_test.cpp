// Writing: what nobody touched stays byte for byte; data moves in and out of data files.
#include "graph/layout.hpp"

#include <gtest/gtest.h>

#include "graph/written_test.hpp"
#include "octet/error.hpp"
#include "support/temporary_folder.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::ModelBuilder;
using test::ModelBytes;
using test::weight;

TEST(Layout, WithoutEditsIsTheInputByteForByte) {
  for (const ModelBytes& model :
       {test::mlp().bytes(), test::branches().bytes(), test::embedding().bytes()}) {
    const Graph graph = Graph::import(test::source(model));
    const Overlay overlay(graph);
    EXPECT_TRUE(overlay.empty());
    EXPECT_EQ(written(overlay).model, model);
  }
}

TEST(Layout, KeepsUnknownFieldsAndMetadataAroundAnEdit) {
  const ModelBytes model = test::mlp().bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  overlay.add_filled({"new", 0, ElementType::float32, {1}}, std::string(4, '\1'));
  const ModelBytes result = written(overlay).model;
  const std::string text(reinterpret_cast<const char*>(result.data()), result.size());
  for (const char* kept : {"from the future", "also from the future", "a doc string", "somebody"}) {
    EXPECT_NE(text.find(kept), std::string::npos) << kept;
  }
  const Graph again = Graph::import(test::source(result));
  EXPECT_EQ(elements_of(again, "new"), std::string(4, '\1'));
  EXPECT_EQ(elements_of(again, "W1"), elements_of(graph, "W1"));
}

TEST(Layout, RewritesOnlyTheBranchThatChanged) {
  const ModelBytes model = test::branches().bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  overlay.add_filled({"new", 1, ElementType::float32, {1}}, std::string(4, '\1'));
  const ModelBytes result = written(overlay).model;
  const Graph again = Graph::import(test::source(result));
  ASSERT_EQ(again.scopes().size(), graph.scopes().size());
  EXPECT_EQ(again.constant(find_constant(again, "new")).scope, 1U);
  const auto same = [&](ScopeId s) {
    return std::equal(graph.scope(s).message.begin(), graph.scope(s).message.end(),
                      again.scope(s).message.begin(), again.scope(s).message.end());
  };
  EXPECT_FALSE(same(1));
  EXPECT_TRUE(same(2));
}

TEST(Layout, AddsAnOpsetImportOnceAndOnlyWhenMissing) {
  for (const bool present : {false, true}) {
    ModelBuilder builder = test::mlp();
    if (present) builder.opset(1, "com.microsoft");
    const ModelBytes model = builder.bytes();
    const Graph graph = Graph::import(test::source(model));
    Overlay overlay(graph);
    overlay.require_opset("com.microsoft", 1);
    overlay.require_opset("com.microsoft", 1);
    const ModelBytes result = written(overlay).model;
    const Graph again = Graph::import(test::source(result));
    EXPECT_EQ(again.model().opsets.size(), 2U);
  }
}

TEST(Layout, TakesExternalWeightsIn) {
  const test::TemporaryFolder folder;
  const test::TensorSpec w = weight({300});
  test::write_file(folder / "w.data", std::string(64, 'x') + w.raw);
  const ModelBytes model =
      ModelBuilder()
          .initializer("W", test::external_tensor(ElementType::float32, {300}, "w.data", 64, 1200))
          .bytes();
  test::write_file(folder / "m.onnx", model);
  const Graph graph = Graph::import((folder / "m.onnx").string());
  EXPECT_EQ(graph.total_bytes(), model.size() + 64 + 1200);
  const Overlay overlay(graph);
  const ModelBytes result = written(overlay).model;
  const Graph again = Graph::import(test::source(result));
  EXPECT_FALSE(again.constant(0).tensor.external);
  EXPECT_EQ(elements_of(again, "W"), w.raw);
}

// Types that nobody here computes with, one of them newer than Octet, move as they are.
TEST(Layout, MovesPackedAndUnknownTypesAsSpans) {
  const auto future = static_cast<ElementType>(99);
  const test::TemporaryFolder folder;
  test::write_file(folder / "w.data", std::string(1500, 'i') + std::string(77, 'f'));
  test::write_file(
      folder / "m.onnx",
      ModelBuilder()
          .initializer("int4", test::external_tensor(ElementType::int4, {2999}, "w.data", 0, 1500))
          .initializer("new", test::external_tensor(future, {10}, "w.data", 1500, 77))
          .initializer("inline", {.type = future, .dims = {10}, .raw = std::string(2000, 'n')})
          .bytes());
  const Graph graph = Graph::import((folder / "m.onnx").string());
  LayoutOptions outside;
  outside.weights = Placement::in_data_file;
  outside.data_name = "out.data";
  const Written out = written(Overlay(graph), outside);
  test::write_file(folder / "out.onnx", out.model);
  test::write_file(folder / "out.data", out.data);
  const ModelBytes inside = written(Overlay(graph)).model;
  for (const auto& again :
       {Graph::import(test::source(inside)), Graph::import((folder / "out.onnx").string())}) {
    EXPECT_EQ(elements_of(again, "int4"), std::string(1500, 'i'));
    EXPECT_EQ(elements_of(again, "new"), std::string(77, 'f'));
    EXPECT_EQ(elements_of(again, "inline"), std::string(2000, 'n'));
    EXPECT_EQ(again.constant(find_constant(again, "int4")).tensor.type, ElementType::int4);
  }
}

TEST(Layout, ReadsExternalDataOfAPathWithoutAFolder) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "w.data", weight({4}).raw);
  test::write_file(
      folder / "m.onnx",
      ModelBuilder()
          .initializer("W", test::external_tensor(ElementType::float32, {4}, "w.data", 0, 16))
          .bytes());
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const Graph graph = Graph::import("m.onnx");
  EXPECT_EQ(elements_of(graph, "W"), weight({4}).raw);
  std::filesystem::current_path(before);
}

// The written data file, each weight at a multiple of a page.
void expect_external(const Written& out, const Graph& graph) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "m.onnx", out.model);
  test::write_file(folder / "m.onnx.data", out.data);
  const Graph again = Graph::import((folder / "m.onnx").string());
  std::size_t external = 0;
  for (const Constant& constant : again.constants()) {
    if (!constant.tensor.external) continue;
    ++external;
    EXPECT_EQ(constant.tensor.external->location, "m.onnx.data");
    EXPECT_EQ(constant.tensor.external->offset % 4096, 0U);
    EXPECT_EQ(elements_of(again, constant.tensor.name), elements_of(graph, constant.tensor.name));
  }
  EXPECT_EQ(external, 3U);  // b2 has less than 1 KiB
  EXPECT_EQ(elements_of(again, "b2"), elements_of(graph, "b2"));
}

TEST(Layout, MovesWeightsOutWhenAsked) {
  const ModelBytes model = test::mlp().bytes();
  const Graph graph = Graph::import(test::source(model));
  LayoutOptions options;
  options.weights = Placement::in_data_file;
  options.data_name = "m.onnx.data";
  expect_external(written(Overlay(graph), options), graph);
}

TEST(Layout, MovesWeightsOutByItselfWhenTheFileWouldPassTheLimit) {
  const ModelBytes model = test::mlp().bytes();
  const Graph graph = Graph::import(test::source(model));
  LayoutOptions options;
  options.data_name = "m.onnx.data";
  options.inline_limit = model.size();
  EXPECT_EQ(written(Overlay(graph), options).model, model);
  options.inline_limit = model.size() - 1;
  expect_external(written(Overlay(graph), options), graph);
}

TEST(Layout, LeavesLargeWeightsOfOneByteInTheOriginal) {
  const auto bytes = [](std::int64_t count, char value) {
    return test::TensorSpec{.type = ElementType::int8,
                            .dims = {count},
                            .raw = std::string(static_cast<std::size_t>(count), value)};
  };
  const test::GraphBuilder body = test::GraphBuilder()
                                      .initializer("in a branch", bytes(70'000, 'b'))
                                      .output("in a branch", ElementType::int8);
  const test::TemporaryFolder folder;
  const ModelBytes model = test::ModelBuilder()
                               .initializer("large", bytes(65'536, 'l'))
                               .initializer("small", bytes(65'535, 's'))
                               .initializer("float", weight({200, 200}))
                               .node("If", {"c"}, {"y"}, {test::attr("then_branch", body)})
                               .bytes();
  test::write_file(folder / "original.onnx", model);
  const Graph graph = Graph::import((folder / "original.onnx").string());
  const Written out =
      written(Overlay(graph), {.weights = Placement::in_original, .data_name = "original.onnx"});
  EXPECT_TRUE(out.data.empty());
  EXPECT_LT(out.model.size(), model.size() - 135'000);

  test::write_file(folder / "header.onnx", out.model);
  const Graph again = Graph::import((folder / "header.onnx").string());
  ASSERT_EQ(again.constants().size(), 4U);
  for (const char* name : {"large", "small", "float", "in a branch"}) {
    const Constant& constant = again.constant(find_constant(again, name));
    const bool left = name == std::string("large") || name == std::string("in a branch");
    EXPECT_EQ(constant.tensor.external.has_value(), left) << name;
    EXPECT_EQ(left ? constant.tensor.external->location : "original.onnx", "original.onnx");
    EXPECT_EQ(elements_of(again, name), elements_of(graph, name)) << name;
  }
}

TEST(Layout, RefusesToPassTheLimitWithoutAPlaceForData) {
  const ModelBytes model = test::mlp().bytes();
  const Graph graph = Graph::import(test::source(model));
  LayoutOptions options;
  options.inline_limit = 1000;
  (void)test::refusal(ErrorCode::unsupported, [&] { (void)lay_out(Overlay(graph), options); });
  options.data_name = "d";
  options.inline_limit = 100;  // too small even for the rest
  (void)test::refusal(ErrorCode::unsupported, [&] { (void)lay_out(Overlay(graph), options); });
}

TEST(Layout, ListsNewInitializersAsInputsBeforeIrVersionFour) {
  for (const int ir : {3, 4}) {
    const ModelBytes model = test::embedding().ir_version(ir).bytes();
    const Graph graph = Graph::import(test::source(model));
    Overlay overlay(graph);
    overlay.add_filled({"new", 0, ElementType::int8, {2, 3}}, "123456");
    overlay.drop(find_constant(graph, "E"));
    const ModelBytes result = written(overlay).model;
    const Graph again = Graph::import(test::source(result));
    std::vector<std::string> inputs;
    for (const auto& value : again.scope(0).inputs) inputs.emplace_back(value.name);
    EXPECT_EQ(inputs, ir == 3 ? (std::vector<std::string>{"ids", "new"})
                              : (std::vector<std::string>{"ids"}));
    EXPECT_EQ(find_constant(again, "E"), none);
  }
}

TEST(Fill, GivesTheSameBytesWithAnyNumberOfThreads) {
  const ModelBytes model = test::mlp(2048, 700).bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  const TensorIndex tensor = overlay.add_tensor({"new", 0, ElementType::int8, {64, 100}});
  Fill job;
  job.tensors = {tensor};
  job.shards = 64;
  job.run = [](std::size_t shard, std::span<const std::span<std::byte>> out) {
    for (std::size_t i = 0; i < 100; ++i) out[0][shard * 100 + i] = static_cast<std::byte>(shard);
  };
  overlay.add_fill(std::move(job));
  const ModelBytes one = written(overlay, {}, 1).model;
  EXPECT_EQ(written(overlay, {}, 2).model, one);
  EXPECT_EQ(written(overlay, {}, 7).model, one);
}

TEST(Fill, StopsWhenProgressSaysSo) {
  const ModelBytes model = test::mlp().bytes();
  const Graph graph = Graph::import(test::source(model));
  const Overlay overlay(graph);
  const Layout layout = lay_out(overlay, {});
  ModelBytes out(layout.model_bytes);
  FillOptions options;
  options.progress = [](std::uint64_t, std::uint64_t) { return false; };
  (void)test::refusal(ErrorCode::cancelled, [&] { fill(overlay, layout, out, {}, options); });
}

}  // namespace
}  // namespace octet::graph
