// The continuous Jaccard similarity Σ sgn(x)·sgn(y)·min(|x|, |y|) / Σ max(|x|, |y|) of attributions (Shrikumar et al. 2018,
// arXiv:1811.00416), in whole numbers: with P = Σ min over terms of one sign and Q over terms of opposite signs it is
// (P − Q) / (Σ |x| + Σ |y| − P − Q). Offsets or partners lie in the lanes of a vector. All instruction sets give the same bits.
#ifndef SIMILARITY_KERNELS_H
#define SIMILARITY_KERNELS_H
#include <stdint.h>

/// Lanes that the kernels work on at once: offsets and panels are padded to a multiple of it.
enum { similarity_lanes = 32 };

/// Rows that are multiplied by posting lists at once.
enum { similarity_rows = 16 };

/// A place of a posting list: which vector has the coordinate, and its value there.
typedef struct similarity_posting {
  int32_t target;
  float weight;
} similarity_posting;

/// The values of a window of attributions that are not zero: the hypothetical ones above zero, those below, then the
/// contributions above zero and those below. Σ |value| of either track is below 32,768.
typedef struct similarity_terms {
  /// Where each of the four ends.
  int32_t ends[4];
  /// Where each value is compared, and where on the other strand; that is needed by `match` and `pair` only.
  const int32_t *_Nonnull places;
  const int32_t *_Nullable turned;
  /// |value| twice, in both halves.
  const uint32_t *_Nonnull sizes;
  /// Σ |value|.
  int32_t magnitude;
} similarity_terms;

/// Where two windows agree best.
typedef struct similarity_match {
  float score;
  /// Index of the offset.
  int32_t offset;
  /// 1 if the window was turned to the other strand.
  int32_t reversed;
} similarity_match;

/// How well two windows agree, the second laid on the first and the first on the second.
typedef struct similarity_pair {
  float there;
  float back;
} similarity_pair;

typedef struct ck_similarity_kernels {
  const char *_Nonnull name;
  /// The best match of a window, on its own strand and on the other, at `offsets` places of a table of numbers, with `offsets`
  /// rounded up to whole lanes beyond the last place. `magnitudes[o]` is Σ |table| over what the window covers at offset o. The
  /// given strand wins a tie, then the first offset.
  similarity_match (*_Nonnull match)(similarity_terms terms, int32_t offsets, const int16_t *_Nonnull table,
                                     const int32_t *_Nonnull magnitudes);
  /// The best similarities of a pair of windows of one width, laid on each other either way: the sums over terms are the same. The
  /// first is in the table and has Σ |value| `magnitude`; `others` (2, offsets rounded up to whole lanes) are the second's
  /// `magnitudes`, the offsets from the last to the first, and as they are.
  similarity_pair (*_Nonnull pair)(similarity_terms terms, int32_t offsets, const int16_t *_Nonnull table,
                                   int32_t magnitude, const int32_t *_Nonnull magnitudes,
                                   const int32_t *_Nonnull others);
  /// The similarities, without offsets, of one window to a panel (columns, similarity_lanes) of others, whose Σ |value| are
  /// `magnitudes` (similarity_lanes).
  void (*_Nonnull compare)(similarity_terms terms, const int16_t *_Nonnull panel, const int32_t *_Nonnull magnitudes,
                           float *_Nonnull scores);
  /// Adds weights · weight to products + similarity_rows · (target − first) for the postings whose target is below `end`;
  /// targets ascend. Returns how many there are.
  int64_t (*_Nonnull accumulate)(int64_t count, const similarity_posting *_Nonnull postings,
                                 const float *_Nonnull weights, int32_t first, int32_t end, float *_Nonnull products);
  /// Σ w, Σ w·d and Σ w·d² of w = exp(−beta·d) over the distances d, none below 0.
  void (*_Nonnull moments)(int64_t count, const double *_Nonnull distances, double beta, double *_Nonnull sums);
} ck_similarity_kernels;

/// The number of instruction sets this machine can run, best first; the last is portable C.
int32_t ck_similarity_count(void);
const ck_similarity_kernels *_Nonnull ck_similarity_table(int32_t index);
#endif
