#include "data/concatenation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "octet/error.hpp"

namespace octet::data {
namespace {

bool joinable(const base::Tensor& a, const base::Tensor& b) {
  return a.type == b.type && a.dims.size() == b.dims.size() &&
         std::equal(a.dims.begin() + 1, a.dims.end(), b.dims.begin() + 1);
}

bool same_nesting(const base::Nesting& a, const base::Nesting& b) {
  return a.kind == b.kind && a.keys == b.keys && a.unread == b.unread;
}

void append(base::Tensor& to, base::Tensor from) {
  to.dims[0] += from.dims[0];
  to.bytes.insert(to.bytes.end(), from.bytes.begin(), from.bytes.end());
  std::move(from.strings.begin(), from.strings.end(), std::back_inserter(to.strings));
}

}  // namespace

void Concatenation::add(std::vector<base::NamedTensor> outputs) {
  if (batches_++ == 0) {
    joined_ = std::move(outputs);
    return;
  }
  for (std::size_t i = 0; i < joined_.size(); ++i) {
    base::Nesting& nesting = joined_[i].nesting;
    if (!nesting.unread.empty()) continue;
    if (!same_nesting(nesting, outputs.at(i).nesting)) {
      nesting.unread = outputs[i].nesting.unread.empty()
                           ? "its keys or the shapes of its elements change from call to call"
                           : outputs[i].nesting.unread;
      joined_[i].tensor = {};
      continue;
    }
    base::Tensor& whole = joined_[i].tensor;
    base::Tensor& batch = outputs[i].tensor;
    if (batch.dims.empty()) {
      batch.dims = {1};
      if (whole.dims.empty()) whole.dims = {1};
    }
    if (!joinable(whole, batch)) {
      throw Error(
          ErrorCode::unsupported,
          fmt::format("output \"{}\": batch {} has shape [{}], which does not join to [{}]; "
                      "give one batch at a time with --data",
                      joined_[i].name, batches_, fmt::join(batch.dims, ", "),
                      fmt::join(whole.dims, ", ")));
    }
    append(whole, std::move(batch));
  }
}

}  // namespace octet::data
