// Each weight quantized once, however many nodes read it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "forms/form.hpp"
#include "graph/overlay.hpp"

namespace octet::forms {

// How one constant lies in the result: encoded, in the order of `view`, with a scale for each of
// the channels `axes`; it stands for multiplier·weight.
struct StoredAs {
  quant::Encoding encoding;
  View view;
  quant::Axes axes;
  float multiplier = 1;
  bool as_matrix = false;  // the file holds [rows, channels]: see Need

  // Of the tensor in the file, and its channels there.
  [[nodiscard]] std::vector<std::int64_t> dims() const;
  [[nodiscard]] quant::Axes channels() const { return as_matrix ? quant::Axes{1, 2} : axes; }
};

// What several readers of one constant get: the storage of the reader that stands first, in an
// order and with a range that suit the others too. nullopt when none of them has a say.
[[nodiscard]] std::optional<StoredAs> agree(const std::vector<Need>& needs);

// A reader can use the weight stored like this.
[[nodiscard]] bool serves(const StoredAs& stored, const Need& need);

// What the result holds instead of the weight.
struct Stored {
  StoredAs as;
  std::string data;   // the int8, uint8 or float16 tensor
  std::string scale;  // float32; shape broadcasts against `data`; "" for float16
};

class WeightStore {
 public:
  WeightStore(const Survey& survey, graph::Overlay& overlay)
      : survey_(&survey), overlay_(&overlay) {}

  [[nodiscard]] graph::Overlay& overlay() const { return *overlay_; }
  [[nodiscard]] const Survey& survey() const { return *survey_; }
  // Decides how a constant is stored, before any form asks for it. Once per constant.
  void decide(graph::ConstantId constant, StoredAs how);
  // The constant in its decided storage; made on first use. Throws std::out_of_range when nothing
  // was decided.
  const Stored& get(graph::ConstantId constant);
  // `get`, in the order in which this need reads it: turned by a Transpose that is folded at load
  // where that is the other order of two axes. The storage serves the need.
  Stored get(const Need& need);
  // What several writers need and the first of them makes: `make` is called once for a key, and
  // gives the names of the values. A key names the scope that they are made in.
  const std::vector<std::string>& once(const std::string& key,
                                       const std::function<std::vector<std::string>()>& make);
  // The scalar zero point of a storage type: one tensor for the whole model.
  const std::string& zero_point(quant::Kind kind);
  // Ends the work: stored constants that are still read as float get the nodes that give the float
  // back (folded by ONNX Runtime at load), and the float originals go; nodes passed through and
  // constants nobody reads any more go too.
  void finish();

 private:
  void give_float_back(graph::ConstantId id);
  // A new node of the scope; what it gives is named after `output` when it has no name.
  std::string add_node(graph::ScopeId scope, graph::NewNode node, std::string_view output);
  std::string constant(graph::NewTensor tensor, std::string bytes);

  const Survey* survey_;
  graph::Overlay* overlay_;
  std::map<graph::ConstantId, StoredAs> decided_;
  std::map<graph::ConstantId, Stored> made_;
  std::map<graph::ConstantId, Stored> turned_;
  std::map<quant::Kind, std::string> zero_points_;
  std::map<std::string, std::vector<std::string>> once_;
};

}  // namespace octet::forms
