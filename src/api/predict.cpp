#include "octet/predict.hpp"

#include <fmt/format.h>

#include <utility>

#include "api/feeds.hpp"
#include "api/model_files.hpp"
#include "api/model_inputs.hpp"
#include "api/open_session.hpp"
#include "measure/concatenation.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"

namespace octet {

std::vector<Prediction> predict(const ModelSource& model, const PredictOptions& options) {
  const auto library = runtime::load_library(options.runtime);
  measure::report(options.progress, "load", 0, 0);
  const api::HeldStill held({&model});
  runtime::SessionOptions how;
  how.threads = options.runtime.threads;
  how.control = runtime::control(options.progress, "predict", options.runtime.timeout_seconds);
  const runtime::Session session = api::open_session(library, model, how);
  const auto specs = api::model_inputs(model, session.inputs());
  const data::Feeds feeds = data::make_feeds(
      specs, api::runnable_dims(session, specs, options.data).value_or(options.data));
  measure::Concatenation all;
  for (std::size_t i = 0; i < feeds.feeds.size(); ++i) {
    measure::report(options.progress, "predict", i, feeds.feeds.size());
    all.add(session.run(feeds.feeds[i]));
  }
  held.verify();
  std::vector<Prediction> out;
  for (base::NamedTensor& output : std::move(all).take()) {
    out.push_back({std::move(output.name), std::string(base::element_name(output.tensor.type)),
                   std::move(output.tensor.dims), std::move(output.tensor.bytes),
                   std::move(output.tensor.strings)});
  }
  if (out.empty()) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("{}: no output is a tensor; convert the model without ZipMap", model.label()));
  }
  return out;
}

}  // namespace octet
