#include "tune/carried_out.hpp"

#include "graph/fill.hpp"
#include "graph/layout.hpp"
#include "plan/apply.hpp"
#include "plan/flush.hpp"

namespace octet::tuning {

std::uint64_t subnormals_of(const forms::Survey& survey, const octet::Plan& plan,
                            unsigned threads) {
  graph::Overlay overlay(survey.graph());
  (void)plan::apply(survey, plan, overlay, threads);
  return plan::find_subnormals(overlay).count;
}

std::vector<std::byte> carried_out(const forms::Survey& survey, const octet::Plan& plan,
                                   unsigned threads, bool flush) {
  graph::Overlay overlay(survey.graph());
  (void)plan::apply(survey, plan, overlay, threads);
  if (flush) plan::flush(plan::find_subnormals(overlay), overlay);
  const graph::Layout layout = graph::lay_out(overlay, {});
  std::vector<std::byte> out(layout.model_bytes);
  graph::FillOptions fill;
  fill.threads = threads;
  graph::fill(overlay, layout, out, {}, fill);
  return out;
}

std::uint64_t bytes_of(const forms::Survey& survey, const octet::Plan& plan, unsigned threads) {
  graph::Overlay overlay(survey.graph());
  (void)plan::apply(survey, plan, overlay, threads);
  const graph::Layout layout = graph::lay_out(overlay, {});
  return layout.model_bytes + layout.data_bytes;
}

}  // namespace octet::tuning
