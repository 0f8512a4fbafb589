// The instruction sets that a body is compiled for, and the choice among them at start.
#ifndef CK_DISPATCH_H
#define CK_DISPATCH_H

#define CAT_(a, b) a##_##b
#define CAT(a, b) CAT_(a, b)

// Adds the tables of x86-64 that the machine can run; avx512 may ask for more than level v4.
#if defined(__x86_64__)
#define CK_X86_TABLES(avx512_needs)                                                                     \
  __builtin_cpu_init();                                                                                 \
  if (__builtin_cpu_supports("x86-64-v4") && (avx512_needs)) tables[table_count++] = &table_avx512;      \
  if (__builtin_cpu_supports("x86-64-v3")) tables[table_count++] = &table_avx2;
#else
#define CK_X86_TABLES(avx512_needs)
#endif

// Defines count() and at(index): the tables this machine can run, best first; the last is portable C.
#define CK_DISPATCH(type, count, at, avx512_needs)              \
  static const type *tables[3];                                 \
  static int32_t table_count;                                   \
  __attribute__((constructor)) static void choose(void) {       \
    CK_X86_TABLES(avx512_needs)                                 \
    tables[table_count++] = &table_portable;                    \
  }                                                             \
  int32_t count(void) { return table_count; }                   \
  const type *at(int32_t index) { return tables[index]; }

#endif
