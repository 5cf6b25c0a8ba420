// What is known without running is what a run shows: every value of every real model.
#include <gtest/gtest.h>

#include <fstream>

#include "data/inputs.hpp"
#include "graph/input_dims.hpp"
#include "graph/shapes.hpp"
#include "protozero/pbf_writer.hpp"
#include "support/in_memory.hpp"
#include "support/temporary_folder.hpp"

namespace octet {
namespace {

using graph::Dim;
using graph::Graph;
using graph::Shapes;

// The model with every computed value of its main graph as an output: repeated fields of a message
// that stands twice are put together by every protobuf reader.
test::ModelBytes with_all_outputs(const Graph& graph, std::vector<graph::ValueId>& shown) {
  std::string outputs;
  protozero::pbf_writer writer(outputs);
  for (graph::ValueId id = 0; id < graph.values().size(); ++id) {
    const graph::Value& value = graph.value(id);
    if (value.scope != 0 || value.producer == graph::none || value.constant != graph::none)
      continue;
    shown.push_back(id);
    if (value.is_scope_output) continue;
    std::string info;
    protozero::pbf_writer(info).add_string(1, std::string(value.name));
    writer.add_message(12, info);
  }
  std::string tail;
  protozero::pbf_writer(tail).add_message(7, outputs);
  test::ModelBytes out(graph.bytes().begin(), graph.bytes().end());
  const auto* begin = reinterpret_cast<const std::byte*>(tail.data());
  out.insert(out.end(), begin, begin + tail.size());
  return out;
}

// Zero is an id, a length and a flag that every model takes.
base::Tensor zeros(base::ElementType type, const std::vector<std::int64_t>& dims) {
  base::Tensor out{type, dims, {}, {}};
  out.bytes.resize(test::count_of(dims) * base::element_size(type));
  return out;
}

// Inputs recorded beside the model, else made up of the sizes the graph demands.
test::Feed feed_of(const std::filesystem::path& model, const Graph& graph,
                   const std::vector<runtime::Port>& ports) {
  const auto recorded = model.parent_path() / "inputs" / (model.stem().string() + ".npz");
  if (std::filesystem::exists(recorded)) {
    test::Feed feed;
    for (base::NamedTensor& array : data::read_arrays(recorded)) {
      const auto is_input = [&](const runtime::Port& port) { return port.name == array.name; };
      if (std::any_of(ports.begin(), ports.end(), is_input)) feed.push_back(std::move(array));
    }
    if (feed.size() == ports.size()) return feed;
  }
  test::Feed feed;
  const auto demanded = graph::input_dims(graph);
  for (const runtime::Port& port : ports) {
    std::vector<std::int64_t> dims = port.dims;
    for (const graph::InputDims& input : demanded) {
      for (std::size_t i = 0; input.name == port.name && i < dims.size(); ++i)
        dims[i] = input.demanded[i].size.value_or(i == 0 ? 1 : 288);  // 36 ms of sound, for one
    }
    feed.push_back(port.type == base::ElementType::float32
                       ? test::input(port.name, dims)
                       : base::NamedTensor{port.name, zeros(port.type, dims)});
  }
  return feed;
}

// Symbols stand for one size in the whole model.
class Sizes {
 public:
  ::testing::AssertionResult fits(const graph::Shape& shape,
                                  const std::vector<std::int64_t>& dims) {
    if (shape.size() != dims.size()) return ::testing::AssertionFailure() << "another rank";
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (shape[i].size && *shape[i].size != dims[i])
        return ::testing::AssertionFailure() << "another size of axis " << i;
      if (shape[i].symbol.empty()) continue;
      const auto known = graph::size_of_symbol(shape[i].symbol, sizes_);
      if (known && *known != dims[i])
        return ::testing::AssertionFailure() << shape[i].symbol << " is " << *known;
      if (!known) sizes_.emplace(shape[i].symbol, dims[i]);
    }
    return ::testing::AssertionSuccess();
  }

 private:
  std::map<std::string, std::int64_t> sizes_;
};

class ShapesOf : public test::OrtTest, public ::testing::WithParamInterface<std::string> {};

TEST_P(ShapesOf, AreThoseOfARun) {
  if (IsSkipped()) return;
  const auto path = test::models_folder() / GetParam();
  if (test::models_folder().empty() || !std::filesystem::exists(path))
    GTEST_SKIP() << path << " is not there: set OCTET_MODELS";
  const Graph graph = Graph::import(ModelSource(path));
  const Shapes shapes(graph);
  std::vector<graph::ValueId> shown;
  const test::ModelBytes model = with_all_outputs(graph, shown);
  runtime::SessionOptions options;
  options.optimization = runtime::Optimization::off;
  const auto session = runtime::Session::from_bytes(test::ort(), model, options);
  const test::Feed feed = feed_of(path, graph, session.inputs());
  Sizes sizes;
  for (const base::NamedTensor& input : feed) {
    const graph::Shape* shape = shapes.of(graph.scope(0).names.at(input.name));
    if (shape == nullptr) continue;
    EXPECT_TRUE(sizes.fits(*shape, input.tensor.dims)) << input.name;
  }
  std::map<std::string_view, graph::ValueId> by_name;
  for (const graph::ValueId id : shown) by_name.emplace(graph.value(id).name, id);
  std::size_t ranks = 0;
  std::size_t whole = 0;
  std::size_t run = 0;
  for (const base::NamedTensor& output : session.run(feed)) {
    ++run;
    const graph::ValueId id = by_name.at(output.name);
    const graph::Shape* shape = shapes.of(id);
    if (shape == nullptr) continue;
    ++ranks;
    whole += std::all_of(shape->begin(), shape->end(), [](const Dim& d) { return d.is_known(); });
    EXPECT_TRUE(sizes.fits(*shape, output.tensor.dims))
        << output.name << " of " << graph.node(graph.value(id).producer).view.op_type << ": "
        << graph::to_text(*shape) << " where the run has "
        << ::testing::PrintToString(output.tensor.dims);
  }
  RecordProperty("values", static_cast<int>(run));
  RecordProperty("ranks_known", static_cast<int>(ranks));
  RecordProperty("shapes_known", static_cast<int>(whole));
  EXPECT_GE(ranks * 10, run * 9);  // nothing known would be right too
}

// Not silero_vad: its main graph is one If, and its branches need more than sizes.
INSTANTIATE_TEST_SUITE_P(
    RealModels, ShapesOf,
    ::testing::Values("akiki_vad.onnx", "arname_dec.onnx", "atspm_funcnet_head.onnx",
                      "basic_pitch.onnx", "caustic_gnn.onnx", "char2vec.onnx",
                      "light_resnet50.onnx", "light_squeezenet.onnx", "magika_v3_3.onnx",
                      "mnist.onnx", "ocrv2_cls.onnx", "ocrv4_det.onnx", "ultraface_320.onnx"),
    [](const auto& model) { return model.param.substr(0, model.param.find('.')); });

}  // namespace
}  // namespace octet
