#include "tune/node_times.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/content_hash.hpp"
#include "base/json.hpp"
#include "base/random.hpp"
#include "data/inputs.hpp"
#include "measure/latency.hpp"
#include "measure/progress.hpp"
#include "octet/error.hpp"
#include "octet/version.hpp"
#include "trial/model.hpp"
#include "trial/trial.hpp"
#include "tune/carried_out.hpp"

namespace octet::tuning {
namespace {

constexpr std::uint64_t least_samples = 6;

base::Tensor made_up(const Seen& input) {
  base::Tensor out;
  out.type = input.type;
  out.dims = input.dims;
  std::uint64_t count = 1;
  for (const std::int64_t size : input.dims) count *= static_cast<std::uint64_t>(size);
  out.bytes.resize(count * base::element_size(input.type));  // ids and masks: zeros
  if (input.type == base::ElementType::float32) {
    base::Random random(0, input.name);
    for (float& value : out.as<float>()) value = random.normal();
  }
  return out;
}

std::string hash_of(std::string_view text) {
  return fmt::format("{:016x}", base::content_hash(std::as_bytes(std::span(text))));
}

}  // namespace

TimeCache::TimeCache(const std::filesystem::path& folder, const std::string& cpu,
                     const std::string& runtime_version) {
  if (folder.empty()) return;
  const std::filesystem::path path =
      folder / fmt::format("node-times-{}-{}.jsonl", runtime_version, hash_of(cpu).substr(0, 8));
  try {
    for (const std::string& line : base::read_lines(path)) {
      try {
        const auto json = base::parse_json(line, path.string());
        const NodeTime time{json.at("float_us").get<double>(), json.at("choice_us").get<double>()};
        if (time.float_us > 0 && time.choice_us > 0)
          known_[json.at("key").get<std::string>()] = time;
      } catch (const std::exception&) {
        continue;
      }
    }
    log_ = std::make_unique<base::LineLog>(path, base::LineLog::Opening::append);
  } catch (const Error&) {
    log_.reset();
  }
}

std::optional<NodeTime> TimeCache::find(const std::string& key) const {
  const auto found = known_.find(key);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

void TimeCache::add(const std::string& key, const NodeTime& time) {
  known_[key] = time;
  if (log_ == nullptr) return;
  const nlohmann::ordered_json line = {
      {"key", key}, {"float_us", time.float_us}, {"choice_us", time.choice_us}};
  try {
    log_->add(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } catch (const Error&) {
    log_.reset();
  }
}

NodeTimes::NodeTimes(const forms::Survey& survey, std::vector<Seen> seen,
                     const octet::QuantizeOptions& options,
                     std::shared_ptr<const runtime::Library> library, TimeCache& cache)
    : survey_(survey),
      seen_(std::move(seen)),
      options_(options),
      library_(std::move(library)),
      cache_(cache) {}

// Everything that the time depends on but what numbers the weights hold, and names.
std::string NodeTimes::key_of(graph::NodeId node, const octet::Decision& decision,
                              const Excerpt& excerpt) const {
  const graph::Node& read = survey_.graph().node(node);
  std::string attributes;
  for (const onnx::AttributeView& attribute : read.view.attributes)
    attributes.append(reinterpret_cast<const char*>(attribute.message.data()),
                      attribute.message.size());
  std::string out =
      fmt::format("{} opset {} attributes {}", decision.op,
                  survey_.graph().model().opset(read.view.domain), hash_of(attributes));
  for (const Seen& input : excerpt.inputs)
    out += fmt::format(" in {}[{}]", base::element_name(input.type), fmt::join(input.dims, ","));
  for (const octet::WeightChoice& weight : decision.weights)
    out +=
        fmt::format(" weight {}:{}[{}]", weight.input, weight.type, fmt::join(weight.shape, ","));
  out += fmt::format(" as {}/{}", decision.form, decision.ops);
  for (const octet::WeightChoice& weight : decision.weights)
    out += fmt::format(" {}:{}:{}", weight.storage, weight.granularity, weight.range);
  return out +
         fmt::format(" threads {} octet {}", options_.runtime.threads, octet::version().version);
}

std::optional<NodeTime> NodeTimes::of(const octet::Decision& decision, double seconds) {
  const auto node = survey_.labels().find(decision.node);
  if (!node || !inputs_of(survey_, *node)) return std::nullopt;
  const std::optional<Excerpt> alone = excerpt(survey_, *node, seen_);
  if (!alone) return std::nullopt;
  const std::string key = key_of(*node, decision, *alone);
  if (const auto known = cache_.find(key)) {
    ++remembered_;
    return known;
  }
  try {
    const NodeTime time = measure(*alone, decision, seconds);
    if (!(time.float_us > 0 && time.choice_us > 0)) return std::nullopt;
    ++measured_;
    cache_.add(key, time);
    return time;
  } catch (const Error& error) {
    if (error.stops()) throw;
    return std::nullopt;
  }
}

NodeTime NodeTimes::measure(const Excerpt& excerpt, octet::Decision decision,
                            double seconds) const {
  const auto bytes = std::as_bytes(std::span(excerpt.model));
  const octet::ModelSource source(bytes);
  const graph::Graph graph = graph::Graph::import(source);
  const forms::Survey survey(graph);
  const auto output = graph.scope(0).names.find(excerpt.output);
  if (output == graph.scope(0).names.end())
    throw Error(ErrorCode::unsupported, "the node's output has no name");
  decision.node = survey.labels().of(graph.value(output->second).producer);
  octet::Plan plan;
  plan.decisions.push_back(std::move(decision));
  const std::vector<std::byte> result = carried_out(survey, plan, options_.threads);

  runtime::SessionOptions how;
  how.threads = options_.runtime.threads;
  how.label = "a node alone";
  const auto a = runtime::Session::from_bytes(library_, bytes, how);
  const auto b = runtime::Session::from_bytes(library_, result, how);
  data::Feed feed;
  for (const Seen& input : excerpt.inputs) feed.push_back({input.name, made_up(input)});
  const data::Feed same = trial::suited_to(b, feed);
  const auto run_a = a.bind(feed);
  const auto run_b = b.bind(same);
  measure::Schedule schedule;
  schedule.seconds = seconds;
  schedule.min_samples = least_samples;
  schedule.warmup_seconds = seconds / 4;
  const auto tick = [&](double, double) { measure::report(options_.progress, "tune", 0, 0); };
  const octet::BatchComparison c =
      measure::compare(measure::measure_pair([&] { run_a.run(); }, [&] { run_b.run(); }, schedule,
                                             measure::wall_clock(), tick),
                       1);
  return {c.baseline.p50_us, c.baseline.p50_us * c.ratio};
}

}  // namespace octet::tuning
