// A short name for many bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace octet::base {

// A 64-bit hash that depends on the bytes alone, not on threads, machine or version of Octet. Made
// to tell results apart, not to withstand somebody who looks for two that collide.
[[nodiscard]] std::uint64_t content_hash(std::span<const std::byte> bytes, unsigned threads = 1);

}  // namespace octet::base
