#include "network_kernels.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Vectors are passed only between functions that are always inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define NO_UNROLL _Pragma("clang loop unroll(disable)")

// Row of a trimer c0 c1 c2 in a table: base-4 number for the 64 without N, then the 61 others in base-5 order.
static uint8_t trimer_rows[CK_TRIMERS];
// The three codes of a row.
static uint8_t trimer_codes[CK_TRIMERS][3];

__attribute__((constructor)) static void number_trimers(void) {
  int others = 64;
  for (int i = 0; i < CK_TRIMERS; i++) {
    const int c0 = i / 25, c1 = i / 5 % 5, c2 = i % 5;
    const int row = c0 < 4 && c1 < 4 && c2 < 4 ? 16 * c0 + 4 * c1 + c2 : others++;
    trimer_rows[i] = (uint8_t)row;
    trimer_codes[row][0] = (uint8_t)c0, trimer_codes[row][1] = (uint8_t)c1, trimer_codes[row][2] = (uint8_t)c2;
  }
}

void ck_trimers(int32_t length, const uint8_t *codes, uint8_t *trimers) {
  for (int32_t i = 0; i + 2 < length; i++)
    trimers[i] = trimer_rows[25 * codes[i] + 5 * codes[i + 1] + codes[i + 2]];
}

int32_t ck_has_repeat(int32_t n, const uint8_t *codes, int32_t width, int32_t distances) {
  typedef uint8_t lanes __attribute__((ext_vector_type(16), aligned(1), may_alias));
  const uint8_t wanted = (uint8_t)(width < 255 ? width : 255);
  // A lane for each distance: how many bases in a row are those `distance` further on.
  for (int32_t first = 1; first < distances; first += 16) {
    lanes run = 0, longest = 0;
    for (int32_t i = 0; i + first < n; i++) {
      const lanes same = (lanes)(*(const lanes *)(codes + i + first) == (lanes)codes[i]);
      run = (run + 1) & same;
      longest = longest > run ? longest : run;
    }
    for (int32_t lane = 0; lane < 16 && first + lane < distances; lane++)
      if (longest[lane] >= wanted) return 1;
  }
  return 0;
}

int32_t ck_shares_window(int32_t n, const uint8_t *codes, const uint8_t *others, int32_t width) {
  int32_t run = 0, longest = 0;
  for (int32_t i = 0; i < n; i++) {
    run = codes[i] == others[i] ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  return longest >= width;
}

void ck_window_pairs(int32_t n, int32_t K, int32_t positions, const uint8_t *trimers, int64_t trimer_stride,
                     int64_t *counts) {
  for (int32_t s = 0; s < n; s++) {
    const uint8_t *row = trimers + s * trimer_stride;
#define PAIR(i, d) (5 * trimer_codes[row[i]][0] + trimer_codes[row[(i) + (d)]][0])
    for (int32_t d = 0; d < K; d++) {
      int64_t *count = counts + 25 * d;
      for (int32_t i = 0; i < positions; i++) count[PAIR(i, d)]++;
      for (int32_t k = 1; k + d < K; k++) {
        count += 25 * K;
        count[PAIR(k - 1, d)]--;
        count[PAIR(k - 1 + positions, d)]++;
      }
    }
#undef PAIR
  }
}

void ck_matrix_product(int32_t rows, int32_t O, const double *matrix, const float *w, double *product) {
  memset(product, 0, sizeof(double) * (size_t)rows * (size_t)O);
  for (int32_t r = 0; r < rows; r++)
    for (int32_t c = 0; c < rows; c++) {
      const double value = matrix[(int64_t)r * rows + c];
      if (value == 0) continue;
      for (int32_t o = 0; o < O; o++) product[(int64_t)r * O + o] += value * w[(int64_t)c * O + o];
    }
}

#define CK_FAMILY network
#define CK_BODY "network.inc"
#include "instruction_sets.h"
