#define _GNU_SOURCE
#include "CProcessors.h"

#if defined(__linux__)
#include <sched.h>

uint64_t cpr_processor(void) {
  const int processor = sched_getcpu();
  return processor >= 0 && processor < 64 ? 1ull << processor : 0;
}

// To forbid a thread the processor that it is on is to move it.
void cpr_leave(uint64_t taken) {
  cpu_set_t allowed, others;
  if (sched_getaffinity(0, sizeof allowed, &allowed)) return;
  CPU_ZERO(&others);
  for (int i = 0; i < 64; i++)
    if (CPU_ISSET(i, &allowed) && !(taken >> i & 1)) CPU_SET(i, &others);
  if (CPU_COUNT(&others) && !sched_setaffinity(0, sizeof others, &others)) sched_setaffinity(0, sizeof allowed, &allowed);
}
#else
uint64_t cpr_processor(void) { return 0; }
void cpr_leave(uint64_t taken) { (void)taken; }
#endif
