#include "plan/shared_storage.hpp"

#include <algorithm>

namespace octet::plan {
namespace {

// Position in forms::all(): smaller is more valued.
std::size_t rank(const forms::Form* form) {
  const auto forms = forms::all();
  std::size_t i = 0;
  while (i < forms.size() && forms[i].name != form->name) ++i;
  return i;
}

bool is(const Wanted& reader, const forms::Form& form) {
  return reader.form->name == form.name;
}

}  // namespace

std::optional<forms::Storage> choose_storage(const std::vector<Wanted>& readers) {
  const Wanted* best = nullptr;
  bool rows_are_gathered = false;
  for (const Wanted& reader : readers) {
    if (is(reader, forms::float_form)) continue;
    if (best == nullptr || rank(reader.form) < rank(best->form)) best = &reader;
    rows_are_gathered = rows_are_gathered || is(reader, forms::embedding_rows);
  }
  if (best == nullptr) return std::nullopt;
  forms::Storage storage = best->storage;
  // A table is gathered as it lies; a MatMul of the same numbers turns it once, at load.
  if (rows_are_gathered) storage.transposed = false;
  // alpha belongs to one node; with other readers it cannot live in the shared numbers.
  if (readers.size() > 1 && storage.multiplier != 1) return std::nullopt;
  return storage;
}

bool serves(const forms::Storage& stored, const Wanted& reader) {
  if (is(reader, forms::float_form) || is(reader, forms::folded)) return stored.multiplier == 1;
  forms::Storage wanted = reader.storage;
  wanted.transposed = stored.transposed;  // as_matrix turns it
  if (is(reader, forms::embedding_rows)) {
    wanted.range = stored.range;
    if (stored.transposed) return false;
  }
  return wanted == stored;
}

}  // namespace octet::plan
