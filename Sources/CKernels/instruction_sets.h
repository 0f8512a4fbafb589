// Compiles CK_BODY once for each instruction set and defines, for CK_FAMILY,
//   int32_t ck_<family>_count(void);
//   const ck_<family>_kernels *ck_<family>_table(int32_t index);
// the tables that this machine can run, best first; the last is portable C, the only one outside x86-64 (there the compiler
// uses what every processor of the target has, as NEON on ARM). A body sees
//   NAME(x)  the symbol of x for this set      LABEL   the set's name      CK_SET   one of those below
// and defines NAME(table). CK_AVX512_MORE asks for more features than level v4 ("," first), CK_AVX512_NEEDS whether the
// machine has them. A new set is a number, a block, and a line of the choice at the end.
#include <stdint.h>

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)

#define CK_PORTABLE 0
#define CK_AVX2 1
#define CK_AVX512 2

#ifndef CK_AVX512_MORE
#define CK_AVX512_MORE
#define CK_AVX512_NEEDS 1
#endif

#define NAME(x) CAT(x, portable)
#define LABEL "portable"
#define CK_SET CK_PORTABLE
#include CK_BODY
#undef NAME
#undef LABEL
#undef CK_SET

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx2)
#define LABEL "avx2"
#define CK_SET CK_AVX2
#include CK_BODY
#undef NAME
#undef LABEL
#undef CK_SET
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,bmi,bmi2" CK_AVX512_MORE))), apply_to = function)
#define NAME(x) CAT(x, avx512)
#define LABEL "avx512"
#define CK_SET CK_AVX512
#include CK_BODY
#undef NAME
#undef LABEL
#undef CK_SET
#pragma clang attribute pop
#endif

#define CK_KERNELS CAT(CAT(ck, CK_FAMILY), kernels)
static const CK_KERNELS *tables[3];
static int32_t table_count;
__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4") && (CK_AVX512_NEEDS)) tables[table_count++] = &table_avx512;
  if (__builtin_cpu_supports("x86-64-v3")) tables[table_count++] = &table_avx2;
#endif
  tables[table_count++] = &table_portable;
}
int32_t CAT(CAT(ck, CK_FAMILY), count)(void) { return table_count; }
const CK_KERNELS *CAT(CAT(ck, CK_FAMILY), table)(int32_t index) { return tables[index]; }
