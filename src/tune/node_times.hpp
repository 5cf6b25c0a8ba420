// What each choice of a part takes, measured on the part alone in the shapes it has, and kept from
// run to run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/line_log.hpp"
#include "forms/survey.hpp"
#include "octet/quantize.hpp"
#include "runtime/session.hpp"
#include "tune/excerpt.hpp"

namespace octet::tuning {

struct NodeTime {
  double float_us = 0;
  double choice_us = 0;
};

// Times by what they depend on, in a file of one CPU and one version of ONNX Runtime. A line that
// cannot be read is as good as none; a folder that cannot be written to only means that nothing is
// kept.
class TimeCache {
 public:
  // `folder` empty: nothing is kept.
  TimeCache(const std::filesystem::path& folder, const std::string& cpu,
            const std::string& runtime_version);
  [[nodiscard]] std::optional<NodeTime> find(const std::string& key) const;
  void add(const std::string& key, const NodeTime& time);

 private:
  std::map<std::string, NodeTime> known_;
  std::unique_ptr<base::LineLog> log_;
};

class NodeTimes {
 public:
  // `seen`: the computed values that nodes read. Everything must outlive it.
  NodeTimes(const forms::Survey& survey, std::vector<Seen> seen,
            const octet::QuantizeOptions& options, std::shared_ptr<const runtime::Library> library,
            TimeCache& cache);

  // Of one node with this decision, beside the node as it is, for about `seconds`. nullopt: it
  // cannot be cut out, or does not run alone.
  [[nodiscard]] std::optional<NodeTime> of(const octet::Decision& decision, double seconds);

  [[nodiscard]] std::uint64_t measured() const { return measured_; }
  [[nodiscard]] std::uint64_t remembered() const { return remembered_; }

 private:
  [[nodiscard]] std::string key_of(graph::NodeId node, const octet::Decision& decision,
                                   const Excerpt& excerpt) const;
  [[nodiscard]] NodeTime measure(const Excerpt& excerpt, octet::Decision decision,
                                 double seconds) const;

  const forms::Survey& survey_;
  std::vector<Seen> seen_;
  const octet::QuantizeOptions& options_;
  std::shared_ptr<const runtime::Library> library_;
  TimeCache& cache_;
  std::uint64_t measured_ = 0;
  std::uint64_t remembered_ = 0;
};

}  // namespace octet::tuning
