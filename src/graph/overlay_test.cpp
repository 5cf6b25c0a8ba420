#include "graph/overlay.hpp"

#include <gtest/gtest.h>

#include "graph/written_test.hpp"
#include "octet/error.hpp"

namespace octet::graph {
namespace {

using base::ElementType;
using test::ModelBytes;

class OverlayTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string refused(Patch patch) {
    return test::refusal(ErrorCode::invalid_argument, [&] { overlay_.apply(std::move(patch)); });
  }
  ModelBytes model_ = test::mlp().bytes();
  Graph graph_ = Graph::import(test::source(model_));
  Overlay overlay_{graph_};
  NodeId first_ = find_node(graph_, "first");
};

TEST_F(OverlayTest, RefusesAPatchThatDropsAValueOthersRead) {
  const std::string message = refused({{first_}, {}});
  EXPECT_NE(message.find("\"h0\" is still read"), std::string::npos) << message;
  EXPECT_NE(message.find("node \"first\""), std::string::npos) << message;
}

TEST_F(OverlayTest, RefusesAPatchThatDropsAnOutputOfTheModel) {
  const NodeId second = find_node(graph_, "second");
  EXPECT_NE(refused({{second}, {}}).find("\"y\" is still read"), std::string::npos);
}

TEST_F(OverlayTest, RefusesNewNodesWithoutAPlace) {
  EXPECT_NE(refused({{}, {{"Cast", "", "new", {"x"}, {"z"}, {}}}}).find("nobody said where"),
            std::string::npos);
}

TEST_F(OverlayTest, RefusesToReplaceANodeTwice) {
  const Patch patch{{first_}, {{"MyMatMul", "com.x", "", {"x", "W1"}, {"h0"}, {}}}};
  overlay_.apply(patch);
  EXPECT_NE(refused(patch).find("replace the same node"), std::string::npos);
}

TEST_F(OverlayTest, ReplacesNodesWhereTheyStood) {
  const NodeId add = first_ + 1;
  overlay_.apply({{first_, add},
                  {{"Fused",
                    "com.x",
                    "f",
                    {"x", "", "b1"},
                    {"h1"},
                    {{"a", std::int64_t{-3}},
                     {"b", 0.5F},
                     {"c", std::vector<std::int64_t>{1, 0}},
                     {"d", "a text"},
                     {"e", std::vector<float>{0.5F, -1}},
                     {"t", TensorMessage{test::tensor<float>({1}, {3}).bytes()}}}}}});
  const ModelBytes result = written(overlay_).model;
  const Graph again = Graph::import(test::source(result));
  ASSERT_EQ(again.nodes().size(), 3U);
  const onnx::NodeView& fused = again.node(0).view;
  EXPECT_EQ(fused.op_type, "Fused");
  EXPECT_EQ(fused.domain, "com.x");
  EXPECT_EQ(fused.inputs, (std::vector<std::string_view>{"x", "", "b1"}));
  EXPECT_EQ(fused.integer("a", 0), -3);
  EXPECT_EQ(fused.real("b", 0), 0.5F);
  EXPECT_EQ(fused.attribute("c")->ints(), (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(fused.attribute("d")->s, "a text");
  EXPECT_EQ(fused.attribute("e")->floats(), (std::vector<float>{0.5F, -1}));
  ASSERT_TRUE(fused.attribute("t")->tensor.has_value());
  const onnx::Origin origin{"t", result.data()};
  EXPECT_EQ(onnx::read_tensor(*fused.attribute("t")->tensor, origin).elements, 1U);
}

TEST_F(OverlayTest, HandsOnWhatWasWrittenAboutAReplacedNode) {
  std::string node = test::NodeSpec{"MatMul", {"x", "W"}, {"y"}, {}, "m", ""}.bytes();
  protozero::pbf_writer writer(node);
  writer.add_string(6, "a doc string");
  writer.add_string(9, test::detail::pair_bytes("key", "value"));
  const ModelBytes model = test::ModelBuilder()
                               .input("x", base::ElementType::float32, {"n", 4})
                               .initializer("W", test::weight({4, 4}))
                               .graph_field(1, node)
                               .output("y", base::ElementType::float32)
                               .bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  overlay.apply({{0}, {{"First", "", "", {"x"}, {"t"}, {}}, {"Main", "", "m", {"t"}, {"y"}, {}}}});
  const ModelBytes result = written(overlay).model;
  const Graph again = Graph::import(test::source(result));
  EXPECT_TRUE(again.node(0).view.annotations.empty());
  ASSERT_EQ(again.node(1).view.annotations.size(), 2U);
  const std::string bytes(reinterpret_cast<const char*>(result.data()), result.size());
  EXPECT_NE(bytes.find("a doc string"), std::string::npos);
}

TEST_F(OverlayTest, PutsAddedNodesAtTheHeadOfTheirScope) {
  overlay_.apply({{}, {{"Cast", "", "early", {"W1"}, {"z"}, {}}}, 0});
  const ModelBytes result = written(overlay_).model;
  const Graph again = Graph::import(test::source(result));
  EXPECT_EQ(again.node(0).view.name, "early");
}

TEST_F(OverlayTest, CountsAsUnreadWhatOnlyRemovedNodesRead) {
  const ValueId w = graph_.constant(find_constant(graph_, "W1")).value;
  EXPECT_TRUE(overlay_.is_read(w));
  overlay_.apply({{first_}, {{"Other", "", "", {"x"}, {"h0"}, {}}}});
  EXPECT_FALSE(overlay_.is_read(w));
}

TEST_F(OverlayTest, CountsAsReadWhatANewNodeReads) {
  const ValueId w = graph_.constant(find_constant(graph_, "W1")).value;
  overlay_.apply({{first_}, {{"Other", "", "", {"W1"}, {"h0"}, {}}}});
  EXPECT_TRUE(overlay_.is_read(w));
}

TEST_F(OverlayTest, NeverGivesANameThatIsTaken) {
  EXPECT_EQ(overlay_.fresh_name("new"), "new");
  EXPECT_EQ(overlay_.fresh_name("new"), "new_1");
  EXPECT_EQ(overlay_.fresh_name("new"), "new_2");
  EXPECT_EQ(overlay_.fresh_name("W1"), "W1_1");        // a tensor
  EXPECT_EQ(overlay_.fresh_name("first"), "first_1");  // a node
  EXPECT_EQ(overlay_.fresh_name("h2"), "h2_1");        // a computed value
}

TEST_F(OverlayTest, NeverGivesANameTakenInABranch) {
  const ModelBytes model = test::branches().bytes();
  const Graph graph = Graph::import(test::source(model));
  Overlay overlay(graph);
  EXPECT_EQ(overlay.fresh_name("own"), "own_1");
  EXPECT_EQ(overlay.fresh_name("Twice#2/f"), "Twice#2/f_1");
}

}  // namespace
}  // namespace octet::graph
