#include "trial/predict.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "data/arrays.hpp"
#include "data/concatenation.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"
#include "trial/model.hpp"
#include "trial/trial.hpp"

namespace octet::trial {

std::vector<octet::Prediction> predict(const octet::ModelSource& model,
                                       const octet::PredictOptions& options) {
  const auto library = runtime::load_library(options.runtime);
  measure::report(options.progress, "load", 0, 0);
  runtime::SessionOptions how;
  how.threads = options.runtime.threads;
  how.control = runtime::control(options.progress, "predict", options.runtime.timeout_seconds);
  runtime::Session session = open_session(library, model, how);
  auto inputs = model_inputs(model, session);
  Settings settings;
  settings.data = options.data;
  settings.batch = options.batch != 0 ? options.batch : std::numeric_limits<std::int64_t>::max();
  settings.most_rows = data::is_given(options.data) ? 0 : 1;
  settings.keep_bytes = 0;
  settings.progress = options.progress;
  settings.stage = "predict";
  Trial trial(std::move(session), std::move(inputs), std::move(settings));
  data::Concatenation all;
  for (std::size_t i = 0; i < trial.size(); ++i) all.add(*trial.answers(i));
  std::vector<octet::Prediction> out;
  std::string unread;
  for (base::NamedTensor& output : std::move(all).take()) {
    if (output.nesting.unread.empty()) {
      out.push_back(data::to_array(std::move(output)));
    } else {
      unread = fmt::format("output \"{}\": {}", output.name, output.nesting.unread);
    }
  }
  if (out.empty()) {
    throw Error(ErrorCode::unsupported,
                fmt::format("{}: there is no output to show: {}", model.label(), unread));
  }
  return out;
}

}  // namespace octet::trial
