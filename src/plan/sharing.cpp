#include "plan/sharing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace octet::plan {
namespace {

using forms::Need;
using forms::Refusal;

class Sharing {
 public:
  Sharing(const forms::Survey& survey, Drafts& drafts) : survey_(survey), drafts_(drafts) {}

  // An operator that gives up one weight gives up the others of its form: their readers must agree
  // anew. Every round keeps more floats than the one before, so that it ends.
  void run() {
    do {
      changed_ = false;
      for (auto& [constant, readers] : readers_of(drafts_)) agree(constant, readers);
    } while (changed_);
  }

 private:
  void agree(graph::ConstantId constant, const std::vector<Reader>& readers) {
    if (const auto why = needs_float(constant, readers)) {
      for (const Reader& reader : readers) {
        if (reader.weight->need) keep(reader, *why);
      }
      return;
    }
    std::vector<Need> needs;
    for (const Reader& reader : readers) {
      if (reader.weight->need) needs.push_back(*reader.weight->need);
    }
    const auto stored = forms::agree(needs);
    for (const Reader& reader : readers) {
      if (reader.weight->need && !(stored && forms::serves(*stored, *reader.weight->need)))
        fold(reader, *stored);
    }
  }

  // Why every reader must read the float, if so.
  std::optional<Refusal> needs_float(graph::ConstantId constant,
                                     const std::vector<Reader>& readers) const {
    const graph::Value& value = survey_.graph().value(survey_.graph().constant(constant).value);
    if (value.is_scope_output)
      return Refusal{"output", "the weight is also an output of the model"};
    const auto one = std::find_if(readers.begin(), readers.end(),
                                  [](const Reader& reader) { return !reader.weight->need; });
    if (one != readers.end() && readers.size() > 1) {
      return Refusal{"shared",
                     fmt::format("\"{}\" reads the same weight and needs the float ({})",
                                 survey_.labels().of(one->draft->node), one->weight->why.reason)};
    }
    const auto needed = [](const Reader& reader) {
      return reader.weight->need &&
             (reader.weight->need->any || reader.weight->need->multiplier == 1);
    };
    if (readers.size() > 1 && std::none_of(readers.begin(), readers.end(), needed))
      return Refusal{"alpha", "several nodes read the weight, all of them with alpha"};
    return std::nullopt;
  }

  void keep(const Reader& reader, const Refusal& why) {
    keep_float(*reader.draft, *reader.weight, why);
    changed_ = true;
  }

  // The operator stays and reads the float that comes back from what the others made of the weight.
  void fold(const Reader& reader, const forms::StoredAs& stored) {
    Need need = *reader.weight->need;
    const Refusal why = {
        "shared",
        "shares its weight with a node that needs other scales; reads the float folded from it"};
    keep_float(*reader.draft, *reader.weight, why);
    need.encoding = stored.encoding;
    need.any = true;
    need.in_place = need.multiplied = false;
    need.multiplier = 1;
    reader.weight->need = need;
    changed_ = true;
  }

  const forms::Survey& survey_;
  Drafts& drafts_;
  bool changed_ = false;
};

}  // namespace

void share(const forms::Survey& survey, Drafts& drafts) {
  Sharing(survey, drafts).run();
}

}  // namespace octet::plan
