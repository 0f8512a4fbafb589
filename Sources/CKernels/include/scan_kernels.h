#ifndef SCAN_KERNELS_H
#define SCAN_KERNELS_H
#include <stdint.h>

/// Scanning DNA with weight matrices, in two steps: a table look-up in saturated bytes that never misses
/// (`candidates`, `nearest`), then the exact score of what is left (`ck_scan_verify`, `ck_scan_keep_best`).
///
/// A look-up takes `span` neighboring bases at once. Matrix column j lies in look-up j / span; its table has
/// 4^span bytes: how far these bases fall short of the best ones, rounded down in some unit, at most 255. The
/// sum over look-ups bounds the shortfall of a window from below.
typedef struct ck_scan_kernels {
  const char *_Nonnull name;
  /// Bases in one look-up: as many as the instruction set's byte shuffle can index.
  int32_t span;
  /// Lays codes out in blocks of 64: unknown bases (code > 3) become 0 and leave their bit of `known` clear.
  /// codes (64 · (length / 64 + 1)) and known (length / 64 + 1) are written; from `length` on both are 0.
  void (*_Nonnull clean)(const uint8_t *_Nonnull bases, int64_t length, uint8_t *_Nonnull codes,
                         uint64_t *_Nonnull known);
  /// index[i] = Σ codes[i + j] · 4^(span − 1 − j) over j < span, for i < count. Codes are 0…3; span − 1 more
  /// codes than `count` are read.
  void (*_Nonnull pack)(const uint8_t *_Nonnull codes, int64_t count, uint8_t *_Nonnull index);
  /// The positions, ascending, whose shortfall bound is at most 254, of those whose bit is set in `valid`
  /// (one word for 64 positions). index (64 · blocks + lookups · span + 64), tables (lookups, 4^span),
  /// positions (64 · blocks). Returns how many.
  int64_t (*_Nonnull candidates)(const uint8_t *_Nonnull index, int64_t blocks, const uint8_t *_Nonnull tables,
                                 int32_t lookups, const uint64_t *_Nonnull valid, uint32_t *_Nonnull positions);
  /// As `candidates`, but the positions that may have the smallest shortfall of all: bound ≤ least bound +
  /// lookups, each look-up being rounded down by less than one unit. bounds (64 · blocks) is scratch.
  int64_t (*_Nonnull nearest)(const uint8_t *_Nonnull index, int64_t blocks, const uint8_t *_Nonnull tables,
                              int32_t lookups, const uint64_t *_Nonnull valid, uint8_t *_Nonnull bounds,
                              uint32_t *_Nonnull positions);
  /// out[i] = Σ factors[s] · sources[s][i] over four sources: one column of the score distribution.
  void (*_Nonnull mix)(int64_t count, const double *_Nonnull const *_Nonnull sources,
                       const double *_Nonnull factors, double *_Nonnull out);
} ck_scan_kernels;

/// The tables this machine can run, best first; the last is portable C.
int32_t ck_scan_count(void);
const ck_scan_kernels *_Nonnull ck_scan_table(int32_t index);

/// One strand of one weight matrix: full weights and the same rounded to integers, (width, 4).
typedef struct scan_matrix {
  const double *_Nonnull weights;
  const int32_t *_Nonnull units;
  int32_t width;
  /// Not 0: the matrix is read on the other strand of the codes.
  int32_t reverse;
} scan_matrix;

/// What a window scores: the sum of the weights in order of the matrix's columns, and the sum of its units.
typedef struct scan_score {
  double score;
  int64_t units;
} scan_score;

scan_score ck_scan_window(const uint8_t *_Nonnull window, const scan_matrix *_Nonnull matrix);

/// Keeps the positions (and their scores) that reach both `minimum_score` and `minimum_units`; returns how many.
int64_t ck_scan_verify(const uint8_t *_Nonnull codes, const scan_matrix *_Nonnull matrix, double minimum_score,
                    int64_t minimum_units, int64_t count, uint32_t *_Nonnull positions,
                    scan_score *_Nonnull scores);

/// Keeps the positions whose score is the highest; returns how many, and that score in `best`.
int64_t ck_scan_keep_best(const uint8_t *_Nonnull codes, const scan_matrix *_Nonnull matrix, int64_t count,
                       uint32_t *_Nonnull positions, double *_Nonnull best);
#endif
