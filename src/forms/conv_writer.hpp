// The nodes of a convolution that is computed as one integer product.
#pragma once

#include "forms/conv_operands.hpp"
#include "forms/weight_store.hpp"

namespace octet::forms {

// Puts them in place of the offer's nodes. The offer needs its weight as_matrix.
void write_convolution(WeightStore& store, const Offer& offer, const ConvOperands& operands);

}  // namespace octet::forms
