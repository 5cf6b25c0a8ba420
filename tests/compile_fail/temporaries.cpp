// Every accessor that hands out a reference into its owner, asked of an owner that stays and, with
// TEMPORARY, of one that is about to go. temporaries.sh expects the first to compile and every
// single line of the second to be refused.
#include "base/mapped_file.hpp"
#include "base/output_file.hpp"
#include "base/staging_folder.hpp"
#include "base/tensor.hpp"
#include "cost/costs.hpp"
#include "cost/table.hpp"
#include "data/csv.hpp"
#include "forms/survey.hpp"
#include "graph/functions.hpp"
#include "graph/overlay.hpp"
#include "graph/shapes.hpp"
#include "measure/output_comparison.hpp"
#include "onnx/external_data.hpp"
#include "onnx/message.hpp"
#include "publish/staged_result.hpp"
#include "runtime/session.hpp"
#include "translate/estimator.hpp"
#include "translate/translator.hpp"
#include "trial/trial.hpp"
#include "tune/candidates.hpp"

namespace octet {

#ifdef TEMPORARY
template <typename T>
T a();
#else
template <typename T>
const T& a();
#endif

void asked(const graph::Constant& constant) {
  (void)a<publish::StagedResult>().staged();
  (void)a<base::MappedFile>().bytes();
  (void)a<base::MappedFile>().path();
  (void)a<base::OutputFile>().staged();
  (void)a<base::OutputFile>().target();
  (void)a<base::StagingFolder>().path();
  (void)a<base::StagingFolder>().target();
  (void)a<base::Tensor>().as<float>();
  (void)a<cost::Costs>().tables();
  (void)a<cost::Table>().of(cost::Kind::product);
  (void)a<forms::NodeLabels>().all();
  (void)a<forms::NodeLabels>().of(0);
  (void)a<forms::Survey>().labels();
  (void)a<forms::Survey>().place(0, 0);
  (void)a<forms::Survey>().places();
  (void)a<forms::Survey>().places(0);
  (void)a<data::Rows>().dims();
  (void)a<measure::OutputComparison>().sums();
  (void)a<data::Table>().header();
  (void)a<graph::Functions>().all();
  (void)a<graph::Functions>().called_by(onnx::NodeView());
  (void)a<graph::Graph>().bytes();
  (void)a<graph::Graph>().constant(0);
  (void)a<graph::Graph>().constant_input(0, 0);
  (void)a<graph::Graph>().constants();
  (void)a<graph::Graph>().elements(constant);
  (void)a<graph::Graph>().label();
  (void)a<graph::Graph>().model();
  (void)a<graph::Graph>().node(0);
  (void)a<graph::Graph>().nodes();
  (void)a<graph::Graph>().scope(0);
  (void)a<graph::Graph>().scopes();
  (void)a<graph::Graph>().taken_names();
  (void)a<graph::Graph>().value(0);
  (void)a<graph::Graph>().values();
  (void)a<graph::Graph>().widening();
  (void)a<graph::Graph>().written_out();
  (void)a<graph::Overlay>().additions();
  (void)a<graph::Overlay>().fills();
  (void)a<graph::Overlay>().opsets();
  (void)a<graph::Overlay>().tensors();
  (void)a<graph::Shapes>().numbers(0);
  (void)a<graph::Shapes>().of(0);
  (void)a<onnx::ExternalData>().files();
  (void)a<onnx::Message>().pieces();
  (void)a<onnx::NodeView>().attribute("axis");
  (void)a<runtime::Session>().inputs();
  (void)a<runtime::Session>().outputs();
  (void)a<translate::Estimator>().module();
  (void)a<translate::Estimator>().name();
  (void)a<translate::Estimator>().place();
  (void)a<translate::Translator>().outline();
  (void)a<trial::Trial>().description();
  (void)a<trial::Trial>().inputs();
  (void)a<trial::Trial>().reference();
  (void)a<tuning::Candidates>().trial();
}

}  // namespace octet
