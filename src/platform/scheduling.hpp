// How the kernel should schedule our threads: I/O threads soon, hashing threads with what is left.
#pragma once

namespace propusk::platform {

/// Asks for a 100 µs slice for the calling thread, so that it preempts a hashing thread as soon as it wakes: p99 of the
/// wake-up falls from 3–4 ms to 0.13 ms (STACK.md §10). Needs no privilege. True if the kernel took it (Linux ≥ 6.12);
/// false changes nothing.
bool ask_for_short_slice();

/// nice 10 for the calling thread alone: hashes yield to I/O threads but are not starved (STACK.md §2, "Interference").
void run_in_background();

/// Names the calling thread for top and gdb; at most 15 bytes (the kernel's limit), more are cut.
void name_thread(const char* name);

}  // namespace propusk::platform
