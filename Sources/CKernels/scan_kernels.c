#include "scan_kernels.h"
#include <stddef.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Every table gives the same bits: a fused multiply-add would round differently from the portable code.
#pragma clang fp contract(off)

// A block of 64 positions: `bounds` leaves the shortfall bounds, `at_most` says which are ≤ limit.

#define CK_FAMILY scan
#define CK_BODY "scan.inc"
#define CK_AVX512_MORE ",avx512vbmi"
#define CK_AVX512_NEEDS __builtin_cpu_supports("avx512vbmi")
#include "instruction_sets.h"

scan_score ck_scan_window(const uint8_t *window, const scan_matrix *matrix) {
  scan_score sum = {0, 0};
  const int32_t width = matrix->width;
  for (int32_t j = 0; j < width; j++) {
    const int32_t cell = 4 * j + (matrix->reverse ? 3 - window[width - 1 - j] : window[j]);
    sum.score += matrix->weights[cell];
    sum.units += matrix->units[cell];
  }
  return sum;
}

int64_t ck_scan_verify(const uint8_t *codes, const scan_matrix *matrix, double minimum_score,
                    int64_t minimum_units, int64_t count, uint32_t *positions, scan_score *scores) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const uint32_t position = positions[i];
    const scan_score score = ck_scan_window(codes + position, matrix);
    if (score.score >= minimum_score && score.units >= minimum_units) {
      positions[kept] = position;
      scores[kept++] = score;
    }
  }
  return kept;
}

int64_t ck_scan_keep_best(const uint8_t *codes, const scan_matrix *matrix, int64_t count, uint32_t *positions,
                       double *best) {
  int64_t kept = 0;
  for (int64_t i = 0; i < count; i++) {
    const uint32_t position = positions[i];
    const double score = ck_scan_window(codes + position, matrix).score;
    if (kept > 0 && score < *best) continue;
    if (kept > 0 && score > *best) kept = 0;
    *best = score;
    positions[kept++] = position;
  }
  return kept;
}
