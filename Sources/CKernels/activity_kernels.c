#include "activity_kernels.h"
#include <string.h>

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)

#define NAME(x) CAT(x, portable)
#define LABEL "portable"
#include "activity.inc"
#undef NAME
#undef LABEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx2)
#define LABEL "avx2"
#include "activity.inc"
#undef NAME
#undef LABEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx512)
#define LABEL "avx512"
#include "activity.inc"
#undef NAME
#undef LABEL
#pragma clang attribute pop
#endif

static const activity_kernels *tables[3];
static int32_t table_count;

__attribute__((constructor)) static void choose(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) tables[table_count++] = &table_avx512;
  if (__builtin_cpu_supports("x86-64-v3")) tables[table_count++] = &table_avx2;
#endif
  tables[table_count++] = &table_portable;
}

int32_t activity_kernels_count(void) { return table_count; }
const activity_kernels *activity_kernels_at(int32_t index) { return tables[index]; }
