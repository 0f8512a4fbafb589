// The most multiply-adds a core can do: independent chains of fused multiply-adds in the widest registers.
#ifndef CPEAK_H
#define CPEAK_H
#include <stdint.h>

/// `avx512`, `avx2`, `neon` or `portable`.
const char *_Nonnull cp_instruction_set(void);
/// Multiply-adds of one round of `cp_multiply_add`.
int64_t cp_multiply_adds_per_round(void);
/// Runs `rounds` rounds; the sum it returns keeps the compiler from leaving them out.
float cp_multiply_add(int64_t rounds);
#endif
