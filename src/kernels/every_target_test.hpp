// Test seam: runs a check once per instruction set that this build has and this machine can run.
#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "kernels/kernels.hpp"

namespace octet::kernels {

template <typename Check>
void on_every_target(Check&& check) {
  hwy::SetSupportedTargetsForTest(0);
  std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS;
  for (; left != 0; left &= left - 1) {
    hwy::SetSupportedTargetsForTest(left & -left);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    SCOPED_TRACE(std::string(target_name()));
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace octet::kernels
