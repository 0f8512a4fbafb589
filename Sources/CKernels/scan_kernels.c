#include "scan_kernels.h"
#include "dispatch.h"
#include <stddef.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Every table gives the same bits: a fused multiply-add would round differently from the portable code.
#pragma clang fp contract(off)

// A block of 64 positions: `bounds` leaves the shortfall bounds, `at_most` says which are ≤ limit.

#define NAME(x) CAT(x, portable)
#define LABEL "portable"
#define SPAN 4
#include "scan_portable.inc"
#include "scan.inc"
#undef NAME
#undef LABEL
#undef SPAN

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx2)
#define LABEL "avx2"
#define SPAN 2
#include "scan_avx2.inc"
#include "scan.inc"
#undef NAME
#undef LABEL
#undef SPAN
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx512)
#define LABEL "avx512"
#define SPAN 3
#include "scan_avx512.inc"
#include "scan.inc"
#undef NAME
#undef LABEL
#undef SPAN
#pragma clang attribute pop
#endif

CK_DISPATCH(scan_kernels, scan_kernels_count, scan_kernels_at, __builtin_cpu_supports("avx512vbmi"))

scan_score scan_window(const uint8_t *window, const scan_matrix *matrix) {
  scan_score sum = {0, 0};
  const int32_t width = matrix->width;
  for (int32_t j = 0; j < width; j++) {
    const int32_t cell = 4 * j + (matrix->reverse ? 3 - window[width - 1 - j] : window[j]);
    sum.score += matrix->weights[cell];
    sum.units += matrix->units[cell];
  }
  return sum;
}

int64_t scan_verify(const uint8_t *codes, const scan_matrix *matrix, double minimum_score,
                    int64_t minimum_units, int64_t count, uint32_t *positions, scan_score *scores) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const uint32_t position = positions[i];
    const scan_score score = scan_window(codes + position, matrix);
    if (score.score >= minimum_score && score.units >= minimum_units) {
      positions[kept] = position;
      scores[kept++] = score;
    }
  }
  return kept;
}

int64_t scan_keep_best(const uint8_t *codes, const scan_matrix *matrix, int64_t count, uint32_t *positions,
                       double *best) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const uint32_t position = positions[i];
    const double score = scan_window(codes + position, matrix).score;
    if (kept > 0 && score < *best) continue;
    if (kept > 0 && score > *best) kept = 0;
    *best = score;
    positions[kept++] = position;
  }
  return kept;
}
