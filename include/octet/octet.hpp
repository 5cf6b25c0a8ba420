// The whole public surface of Octet.
#pragma once

#include "octet/bench.hpp"
#include "octet/data.hpp"
#include "octet/error.hpp"
#include "octet/fields.hpp"
#include "octet/files.hpp"
#include "octet/inspect.hpp"
#include "octet/model_source.hpp"
#include "octet/nearest_name.hpp"
#include "octet/parity.hpp"
#include "octet/plan.hpp"
#include "octet/predict.hpp"
#include "octet/progress.hpp"
#include "octet/quantize.hpp"
#include "octet/runtime.hpp"
#include "octet/tolerances.hpp"
#include "octet/version.hpp"
