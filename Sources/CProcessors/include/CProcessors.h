// Which processor a thread is on, and how to leave it: Linux only, macros and GNU extensions that Swift does not see.
#pragma once

#include <stdint.h>

/// The bit of the processor that the calling thread runs on; 0 where that is not known, or beyond 64 processors.
uint64_t cpr_processor(void);

/// Moves the calling thread to a processor that it may use and that is not in `taken`, if there is one; it may go where it could
/// go before.
void cpr_leave(uint64_t taken);
