#include "plan/planner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <set>

#include "base/parallel.hpp"
#include "forms/form.hpp"
#include "octet/error.hpp"
#include "plan/complete.hpp"
#include "plan/nearest_name.hpp"
#include "plan/selectors.hpp"
#include "plan/shared_storage.hpp"
#include "quant/finite.hpp"

namespace octet::plan {
namespace {

using graph::none;

void require_one_of(std::string_view option, const std::string& value,
                    const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{} \"{}\" is not one of {}", option, value, fmt::join(allowed, ", ")));
}

forms::Wishes wishes_of(const octet::PlanOptions& options) {
  require_one_of("--target", options.target, {"portable", "avx2", "vnni", "arm64"});
  require_one_of("--ops", options.ops, {"contrib", "standard"});
  require_one_of("--weight-type", options.weight_type, {"int8", "uint8"});
  require_one_of("--storage", options.storage, {"int8", "float16", "float32"});
  const bool cannot_saturate = options.target == "vnni" || options.target == "arm64";
  forms::Wishes wishes;
  wishes.ops = options.ops;
  wishes.weight_type = options.weight_type;
  wishes.storage = options.storage;
  wishes.per_channel = options.per_channel;
  wishes.range = options.reduce_range ? "reduced" : (cannot_saturate ? "full" : "pair");
  return wishes;
}

class Planner {
 public:
  Planner(const graph::Graph& graph, const octet::PlanOptions& options)
      : graph_(graph),
        options_(options),
        wishes_(wishes_of(options)),
        labels_(graph),
        included_(graph, labels_, options.include, "--include"),
        excluded_(graph, labels_, options.exclude, "--exclude"),
        sites_(forms::find_sites(graph)) {
    check_op_types();
    find_not_finite();
    weigh_lookups();
  }

  octet::Plan run() {
    for (const forms::Site& site : sites_) decisions_.push_back(decide(site));
    share_storage();
    count_bytes(graph_, sites_, decisions_);
    octet::Plan plan;
    plan.target = options_.target;
    plan.decisions = std::move(decisions_);
    return plan;
  }

 private:
  void check_op_types() const {
    std::set<std::string> present;
    for (const graph::Node& node : graph_.nodes()) present.emplace(node.view.op_type);
    for (const std::string& type : options_.op_types) {
      if (present.contains(type)) continue;
      const std::string nearest = nearest_name(type, {present.begin(), present.end()});
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("{}: --op-types \"{}\" is no operator of this model; {}",
                              graph_.label(), type,
                              nearest.empty() ? "`octet inspect` lists them"
                                              : fmt::format("did you mean \"{}\"?", nearest)));
    }
  }

  // Reads every weight once: a NaN or an infinity cannot be quantized and would spoil its whole
  // channel.
  void find_not_finite() {
    std::set<graph::ConstantId> wanted;
    for (const forms::Site& site : sites_) {
      if (site.constant != none) wanted.insert(site.constant);
    }
    const std::vector<graph::ConstantId> ids(wanted.begin(), wanted.end());
    std::vector<onnx::Bytes>
        elements;  // resolved here: opening data files is not for several threads
    for (const graph::ConstantId id : ids) elements.push_back(graph_.elements(graph_.constant(id)));
    std::vector<std::uint8_t> finite(ids.size());
    base::parallel_for(ids.size(), 0,
                       [&](std::size_t i) { finite[i] = is_finite(elements[i]) ? 1 : 0; });
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (finite[i] == 0) not_finite_.insert(ids[i]);
    }
  }

  // What the model multiplies in INT8 and what it looks up: one has to pay for the other.
  void weigh_lookups() {
    std::int64_t products = 0;
    std::int64_t columns = 0;
    for (const forms::Site& site : sites_) {
      octet::Decision unused;
      if (site.constant == none || forbidden(site)) continue;
      const onnx::TensorView& tensor = graph_.constant(site.constant).tensor;
      if (!forms::dynamic_matmul.consider(graph_, site, wishes_, unused)) {
        products += static_cast<std::int64_t>(tensor.elements);
      } else if (!forms::embedding_rows.consider(graph_, site, wishes_, unused)) {
        columns += tensor.dims[1];
      }
    }
    wishes_.int8_products = products;
    wishes_.table_columns = columns;
  }

  // In pieces that leave memory again: a table may be larger than it.
  bool is_finite(onnx::Bytes elements) const {
    constexpr std::size_t piece = std::size_t{4} << 20U;
    bool finite = true;
    for (std::size_t at = 0; finite && at < elements.size(); at += piece) {
      const onnx::Bytes part = elements.subspan(at, std::min(piece, elements.size() - at));
      const auto* values = reinterpret_cast<const float*>(part.data());
      finite = quant::all_finite({values, part.size() / 4});
      graph_.release(part);
    }
    return finite;
  }

  octet::Decision describe(const forms::Site& site) const {
    octet::Decision decision;
    const graph::Node& node = graph_.node(site.node);
    decision.node = labels_.of(site.node);
    decision.op = forms::op_name(node.view);
    decision.input = static_cast<int>(site.slot);
    if (site.constant != none) {
      decision.weight = std::string(graph_.constant(site.constant).tensor.name);
      decision.shape = graph_.constant(site.constant).tensor.dims;
    }
    return decision;
  }

  // A reason that no form can overrule.
  std::optional<forms::Refusal> forbidden(const forms::Site& site) const {
    const std::string op(graph_.node(site.node).view.op_type);
    if (excluded_.contains(site.node)) return forms::Refusal{"excluded", "excluded by --exclude"};
    if (!options_.include.empty() && !included_.contains(site.node)) {
      return forms::Refusal{"excluded", "not chosen by --include"};
    }
    if (!options_.op_types.empty() && std::find(options_.op_types.begin(), options_.op_types.end(),
                                                op) == options_.op_types.end()) {
      return forms::Refusal{"excluded", "not chosen by --op-types"};
    }
    return std::nullopt;
  }

  octet::Decision decide(const forms::Site& site) const {
    octet::Decision decision = describe(site);
    std::optional<forms::Refusal> first = forbidden(site);
    if (first) return as_float(std::move(decision), *first);
    std::optional<forms::Refusal> last;
    for (const forms::Form& form : forms::all()) {
      auto refusal = form.consider(graph_, site, wishes_, decision);
      if (!refusal) {
        if (form.name == "float" && last) {
          decision.reason = last->reason;
          decision.detail = last->detail;
        }
        if (form.name != "float" && not_finite_.contains(site.constant)) {
          return as_float(
              std::move(decision),
              {"not_finite", "the weight holds NaN or infinity; repair it in training"});
        }
        return decision;
      }
      if (refusal->reason != "op") last = std::move(refusal);  // "not my operator" explains nothing
    }
    return decision;
  }

  octet::Decision as_float(octet::Decision decision, const forms::Refusal& why) const {
    (void)forms::float_form.consider(graph_, {}, wishes_, decision);
    decision.reason = why.reason;
    decision.detail = why.detail;
    return decision;
  }

  std::map<graph::ConstantId, std::vector<std::size_t>> readers() const {
    std::map<graph::ConstantId, std::vector<std::size_t>> out;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
      if (sites_[i].constant != none) out[sites_[i].constant].push_back(i);
    }
    return out;
  }

  std::vector<Wanted> wanted(const std::vector<std::size_t>& indices) const {
    std::vector<Wanted> out;
    for (const std::size_t i : indices) {
      const forms::Form* form = forms::find(decisions_[i].form);
      out.push_back({form, form->storage(graph_, sites_[i], decisions_[i])});
    }
    return out;
  }

  // One weight, one storage, never a second copy. If one reader needs the float, all read the
  // float. Else readers that the chosen scales do not serve read the float folded from them.
  void share_storage() {
    for (const auto& [constant, indices] : readers()) {
      const bool is_output = graph_.value(graph_.constant(constant).value).is_scope_output;
      const auto keeps_float = std::find_if(indices.begin(), indices.end(), [&](std::size_t i) {
        return decisions_[i].form == "float";
      });
      std::optional<forms::Refusal> all_float;
      if (is_output) {
        all_float = {"output", "the weight is also an output of the model"};
      } else if (keeps_float != indices.end() && indices.size() > 1) {
        const octet::Decision& reader = decisions_[*keeps_float];
        all_float = {"shared", fmt::format("\"{}\" reads the same weight and needs the float ({})",
                                           reader.node, reader.reason)};
      }
      const std::vector<Wanted> wishes = wanted(indices);
      const std::optional<forms::Storage> storage = choose_storage(wishes);
      if (!storage && !all_float)
        all_float = {"alpha", "several nodes read the weight, one of them with alpha"};
      for (std::size_t k = 0; k < indices.size(); ++k) {
        octet::Decision& decision = decisions_[indices[k]];
        if (decision.form == "float") continue;
        if (all_float) {
          decision = as_float(std::move(decision), *all_float);
        } else if (!serves(*storage, wishes[k])) {
          decision.form = "folded";
          decision.storage = storage->type;
          decision.granularity = storage->per_tensor ? "per_tensor" : "per_channel";
          decision.range = storage->range;
          decision.ops = "standard";
          decision.reason = "shared";
          decision.detail =
              "shares its weight with a node that needs other scales; reads the float folded from "
              "it";
        }
      }
    }
  }

  const graph::Graph& graph_;
  const octet::PlanOptions& options_;
  forms::Wishes wishes_;
  forms::NodeLabels labels_;
  Selection included_;
  Selection excluded_;
  std::vector<forms::Site> sites_;
  std::set<graph::ConstantId> not_finite_;
  std::vector<octet::Decision> decisions_;
};

}  // namespace

octet::Plan make(const graph::Graph& graph, const octet::PlanOptions& options) {
  return Planner(graph, options).run();
}

}  // namespace octet::plan
