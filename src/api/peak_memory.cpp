#include "api/feeds.hpp"
#include "api/model_inputs.hpp"
#include "api/open_session.hpp"
#include "measure/memory.hpp"
#include "octet/bench.hpp"
#include "octet/error.hpp"

namespace octet {

std::uint64_t peak_memory(const ModelSource& model, const DataOptions& data,
                          const RuntimeOptions& runtime) {
  const auto library = runtime::load_library(runtime);  // its own size is not the model's
  runtime::SessionOptions how;
  how.threads = runtime.threads;
  how.control = runtime::control({}, "measure memory", runtime.timeout_seconds);
  const measure::PeakMemory peak;
  const runtime::Session session = api::open_session(library, model, how);
  const auto specs = api::model_inputs(model, session.inputs());
  const data::Feeds feeds =
      data::make_feeds(specs, api::runnable_dims(session, specs, data).value_or(data), 1);
  if (feeds.feeds.empty()) {
    throw Error(ErrorCode::invalid_data, "the data has no rows; give at least one with --data");
  }
  const auto outputs = session.run(feeds.feeds.front());
  return peak.growth_bytes();
}

}  // namespace octet
