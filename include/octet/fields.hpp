// Every public struct's fields by name.
#pragma once

#include "octet/fields/options.hpp"
#include "octet/fields/plan.hpp"
#include "octet/fields/reports.hpp"
