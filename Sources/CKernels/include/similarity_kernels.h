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

/// A window of attributions: `hypothetical` (width, 4), and `contribution` (width) of the base that is there, 4 for none.
/// Σ |value| of each of the two is below 32,768.
typedef struct similarity_window {
  const int16_t *_Nonnull hypothetical;
  const int16_t *_Nonnull contribution;
  const uint8_t *_Nonnull base;
  /// Σ |hypothetical| + Σ |contribution|.
  int32_t magnitude;
} similarity_window;

/// Where two windows agree best.
typedef struct similarity_match {
  float score;
  /// Index of the offset.
  int32_t offset;
  /// 1 if the window was turned to the other strand.
  int32_t reversed;
} similarity_match;

typedef struct ck_similarity_kernels {
  const char *_Nonnull name;
  /// The best match of a window, both strands, at `offsets` places of a table.
  ///
  /// `table` has 16 rows of `stride` numbers: for the hypothetical values A C G T and the contributions A C G T the positive
  /// parts, then the negative parts without sign. Offset o compares the window's position p with column p + o, and
  /// `magnitudes[o]` is Σ table over those columns. A row has at least width + offsets rounded up to whole lanes columns. The
  /// first offset wins a tie, the given strand before the other.
  similarity_match (*_Nonnull match)(int32_t width, similarity_window window, int32_t offsets, int32_t stride,
                                     const uint16_t *_Nonnull table, const int32_t *_Nonnull magnitudes);
  /// The similarity, without offsets, of one vector to a panel (2, columns, similarity_lanes) of others, positive parts and
  /// negative parts without sign. The vector is given by its `count` values that are not zero and their columns;
  /// `magnitudes` (similarity_lanes) are the others', `magnitude` its own.
  void (*_Nonnull compare)(int32_t count, const int32_t *_Nonnull places, const int16_t *_Nonnull values,
                           int32_t magnitude, int32_t columns, const uint16_t *_Nonnull panel,
                           const int32_t *_Nonnull magnitudes, float *_Nonnull scores);
  /// Adds weights · weight to products + similarity_rows · (target − first) for the postings whose target is below `end`;
  /// targets ascend. Returns how many there are.
  int64_t (*_Nonnull accumulate)(int64_t count, const similarity_posting *_Nonnull postings,
                                 const float *_Nonnull weights, int32_t first, int32_t end, float *_Nonnull products);
} ck_similarity_kernels;

/// The number of instruction sets this machine can run, best first; the last is portable C.
int32_t ck_similarity_count(void);
const ck_similarity_kernels *_Nonnull ck_similarity_table(int32_t index);
#endif
