#include "CPeak.h"

// Latency 4 and two units need 8 chains; more do no harm while they fit the registers.
#define CHAINS 12

#define BODY(VECTOR, SET, FMA, SUM)                                         \
  VECTOR a[CHAINS], x = SET(0.999f), y = SET(0.001f);                       \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) a[i] = SET((float)i); \
  for (int64_t r = 0; r < rounds; r++) {                                    \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) a[i] = FMA(a[i], x, y); \
  }                                                                         \
  float sum = 0;                                                            \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) sum += SUM(a[i]); \
  return sum;

typedef struct {
  const char *name;
  int64_t lanes;
  float (*run)(int64_t rounds);
} peak;

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static float first512(__m512 v) { return _mm512_cvtss_f32(v); }
__attribute__((target("avx512f,fma"))) static float run512(int64_t rounds) {
  BODY(__m512, _mm512_set1_ps, _mm512_fmadd_ps, first512)
}
__attribute__((target("avx2"))) static float first256(__m256 v) { return _mm256_cvtss_f32(v); }
__attribute__((target("avx2,fma"))) static float run256(int64_t rounds) {
  BODY(__m256, _mm256_set1_ps, _mm256_fmadd_ps, first256)
}
#elif defined(__aarch64__)
#include <arm_neon.h>

static inline float32x4_t fma128(float32x4_t a, float32x4_t x, float32x4_t y) { return vfmaq_f32(y, a, x); }
static inline float first128(float32x4_t v) { return vgetq_lane_f32(v, 0); }
static float run128(int64_t rounds) { BODY(float32x4_t, vdupq_n_f32, fma128, first128) }
#endif

typedef float four __attribute__((vector_size(16)));
static inline four set4(float v) { return (four){v, v, v, v}; }
static inline four fma4(four a, four x, four y) { return a * x + y; }
static inline float first4(four v) { return v[0]; }
static float run4(int64_t rounds) { BODY(four, set4, fma4, first4) }

static peak best(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return (peak){"avx512", 16, run512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return (peak){"avx2", 8, run256};
#elif defined(__aarch64__)
  return (peak){"neon", 4, run128};
#endif
  return (peak){"portable", 4, run4};
}

const char *cp_instruction_set(void) { return best().name; }
int64_t cp_multiply_adds_per_round(void) { return CHAINS * best().lanes; }
float cp_multiply_add(int64_t rounds) { return best().run(rounds); }
