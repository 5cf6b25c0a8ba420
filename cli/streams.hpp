// The program's three streams: there from the start, and asked before the work rather than after.
#pragma once

namespace octet::cli {

// Opens /dev/null where a standard stream is closed, so that no file of ours gets its number. What
// is written to a closed output still fails.
void open_closed_streams();

// Thrown when the reader of standard output is gone: the program ends without a word, as others do.
struct NobodyReads {};

// Throws Error{io} when standard output is known to take nothing, closed or full, and NobodyReads.
void check_output();

// A whole text to standard error. A message that cannot be written is lost and changes nothing.
void say(const char* text, unsigned long size) noexcept;

}  // namespace octet::cli
