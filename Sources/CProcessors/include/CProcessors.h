// Which processor a thread is on, how to leave it, and how to wait on it: macros and GNU extensions that Swift does not see.
#pragma once

#include <stdint.h>

/// The bit of the processor that the calling thread runs on; 0 where that is not known, or beyond 64 processors.
uint64_t cpr_processor(void);

/// Moves the calling thread to a processor that it may use and that is not in `taken`, if there is one; it may go where it could
/// go before.
void cpr_leave(uint64_t taken);

/// Tells the processor that the calling thread waits in a loop, which leaves its units to the other thread of the core.
static inline void cpr_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}
