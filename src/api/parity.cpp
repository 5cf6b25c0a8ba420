#include "octet/parity.hpp"

#include <fmt/format.h>

#include "api/feeds.hpp"
#include "api/model_files.hpp"
#include "api/model_inputs.hpp"
#include "api/open_session.hpp"
#include "api/recorded_files.hpp"
#include "measure/model_parity.hpp"
#include "measure/parity_judgement.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"

namespace octet {
namespace {

runtime::Session open(const std::shared_ptr<const runtime::Library>& library,
                      const ModelSource& model, const ParityOptions& options,
                      const runtime::RunControl& control) {
  measure::report(options.progress, "load", 0, 0);
  runtime::SessionOptions session;
  session.threads = options.runtime.threads;
  session.control = control;
  return api::open_session(library, model, session);
}

// `model`: whose inputs are to be fed.
data::Feeds feeds_for(const runtime::Session& session, const ModelSource& model,
                      const ParityOptions& options, ParityReport& report) {
  const auto specs = api::model_inputs(model, session.inputs());
  data::Feeds feeds = api::judging_feeds(session, specs, options.data);
  report.data = feeds.description;
  report.rows = feeds.rows;
  return feeds;
}

}  // namespace

ParityReport parity(const ModelSource& reference, const ModelSource& candidate,
                    const ParityOptions& options) {
  measure::check_tolerances(options);
  const bool recorded = api::is_recorded(reference);
  ParityOptions how = options;
  if (recorded && how.data.files.empty()) {
    std::error_code unseen;
    if (!std::filesystem::is_directory(*reference.path(), unseen)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: recorded outputs need the inputs they were recorded for; give "
                              "them with --data",
                              reference.label()));
    }
    how.data.files = {*reference.path()};  // a test_data_set folder holds both
  }
  const auto library = runtime::load_library(how.runtime);
  ParityReport report;
  report.reference = reference.label();
  report.candidate = candidate.label();
  report.made_up = how.data.files.empty();
  report.runtime_version = runtime::describe(*library).version;
  std::vector<const ModelSource*> models = {&candidate};
  if (!recorded) models.push_back(&reference);
  const api::HeldStill held(models);
  const auto control = runtime::control(how.progress, "compare", how.runtime.timeout_seconds);
  const runtime::Session session = open(library, candidate, how, control);
  if (recorded) {
    const data::Feeds feeds = feeds_for(session, candidate, how, report);
    measure::compare_recorded(api::read_recorded(*reference.path()), session, feeds.feeds,
                              how.progress, report);
  } else {
    const runtime::Session truth = open(library, reference, how, control);
    const data::Feeds feeds = feeds_for(truth, reference, how, report);
    measure::compare_models(truth, session, feeds.feeds, how.progress, report);
  }
  held.verify();
  measure::judge(report, how);
  return report;
}

}  // namespace octet
