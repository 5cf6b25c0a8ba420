#include "trial/memory.hpp"

#include <optional>
#include <utility>

#include "data/arrays.hpp"
#include "data/dataset.hpp"
#include "measure/memory.hpp"
#include "trial/model.hpp"
#include "trial/trial.hpp"

namespace octet::trial {
namespace {

// Made with a session of its own, which is gone before anything is measured.
octet::DataOptions made_up(const std::shared_ptr<const runtime::Library>& library,
                           const octet::ModelSource& model, const octet::DataOptions& data,
                           const runtime::SessionOptions& how) {
  runtime::Session session = open_session(library, model, how);
  auto inputs = model_inputs(model, session);
  Settings settings;
  settings.data = data;
  settings.batch = 1;
  return one_feed(Trial(std::move(session), std::move(inputs), std::move(settings)).feed_of(1));
}

}  // namespace

octet::DataOptions one_feed(data::Feed feed) {
  octet::DataOptions out;
  for (base::NamedTensor& input : feed) out.arrays.push_back(data::to_array(std::move(input)));
  return out;
}

std::uint64_t peak_memory(const octet::ModelSource& model, const octet::DataOptions& data,
                          const octet::RuntimeOptions& runtime) {
  const auto library = runtime::load_library(runtime);  // its own size is not the model's
  runtime::SessionOptions how;
  how.threads = runtime.threads;
  how.control = runtime::control({}, "measure memory", runtime.timeout_seconds);
  std::optional<octet::DataOptions> feed;
  if (!data::is_given(data)) feed = made_up(library, model, data, how);
  const measure::PeakMemory peak;
  const runtime::Session session = open_session(library, model, how);
  const auto feeds = data::Dataset(model_inputs(session), feed.value_or(data)).feeds(1, 1);
  const Outputs outputs = session.run(feeds.at(0));
  return peak.growth_bytes();
}

}  // namespace octet::trial
