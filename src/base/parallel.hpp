// Parallel loops whose iterations are independent: threads share nothing, so the result cannot
// depend on their number.
#pragma once

#include <cstddef>
#include <functional>

namespace octet::base {

// Runs task(i) for every i in [0, count), each exactly once, on `threads` threads (0: as many as
// the machine has; fewer when the system gives no more) that take the next index from one counter.
// Order is free, so tasks must not depend on each other. The first exception is rethrown here after
// all threads have stopped; remaining tasks are then skipped.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& task);

// `requested`, or the machine's number of threads when it is 0.
[[nodiscard]] unsigned resolve_threads(unsigned requested);

}  // namespace octet::base
