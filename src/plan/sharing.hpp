// One weight, one storage, never a second copy.
#pragma once

#include "plan/draft.hpp"

namespace octet::plan {

// Makes the readers of every weight agree. If one of them needs the float, all read the float.
// Else readers that the chosen storage does not serve read the float folded from it.
void share(const forms::Survey& survey, Drafts& drafts);

}  // namespace octet::plan
