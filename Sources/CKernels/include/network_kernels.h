// Kernels of the neural networks. One body (network.inc) is compiled per instruction set; ck_network_table
// lists the sets this machine can run, best first.
//
// Letters: N sequences, L positions, C input channels, O output channels, K taps. All activations are channels-last
// with channels padded to CK_BLOCK floats, and every buffer starts on a 64-byte boundary.
#ifndef NETWORK_KERNELS_H
#define NETWORK_KERNELS_H
#include <stdint.h>

/// Channels are padded to a multiple of this many floats.
#define CK_BLOCK 16
/// Trimers over A C G T N; the 64 without N come first.
#define CK_TRIMERS 125

/// What happens to a convolution's outputs before the next layer sees them: ReLU, max-pooling, dropout.
typedef struct ck_epilogue {
  int32_t positions;  ///< L of the convolution
  int32_t channels;   ///< O, padded
  int32_t pool;       ///< window and stride of the maximum; 1 = none, L = global
  int32_t pooled;     ///< L after pooling, positions / pool
  int32_t relu;       ///< 0 or 1
  uint32_t drop;      ///< dropped when a uniform 32-bit hash is below this; 0 = no dropout
  float scale;        ///< 1 / (1 - rate)
} ck_epilogue;

/// A convolution as a matrix product on overlapping rows; a dense layer is one whose rows do not overlap.
typedef struct ck_convolution {
  int32_t depth;       ///< contiguous floats of one tap group: K·C, or C when dilated
  int32_t taps;        ///< tap groups: 1, or K when dilated
  int32_t tap_stride;  ///< floats between tap groups: dilation·C
  int32_t row_stride;  ///< floats between the inputs of neighboring outputs: stride·C
} ck_convolution;

/// The rows of a product: `count` neighboring ones of each of several sequences.
typedef struct ck_rows {
  int32_t sequences;
  int32_t count;
  int32_t outputs;   ///< floats between rows of outputs
  int64_t x_stride;  ///< floats between the inputs of two sequences
  int64_t z_stride;  ///< floats between their outputs
} ck_rows;

/// A convolution whose channels and filters fall into equal groups, which see each other only.
typedef struct ck_grouped {
  int32_t groups, taps;
  int32_t channels, filters;   ///< of one group
  int64_t stride, dilation;
  int64_t left;                ///< zeros before the input
  int32_t length, positions;   ///< of its input and its output
  int32_t x_stride, z_stride;  ///< floats between their positions
} ck_grouped;

/// What becomes of a product's outputs: only what the epilogue leaves of them is kept.
typedef struct ck_pooled {
  ck_epilogue epilogue;
  const uint64_t *_Nonnull keys;      ///< of dropout, one for each sequence
  float *_Nonnull y;                  ///< (sequences, pooled, channels)
  uint16_t *_Nullable winners;        ///< the same shape
} ck_pooled;

/// Weights as they lie: that of (output o, tap k, channel c) at o·output + k·tap + c·channel.
typedef struct ck_weights {
  const float *_Nonnull values;
  int64_t output, tap, channel;
} ck_weights;

/// How an input reaches the outputs of a convolution of stride 1.
typedef struct ck_reach {
  int32_t taps;       ///< outputs that one input reaches: taps times strands
  int32_t left;       ///< zeros before the input
  int32_t positions;  ///< of the output
  int32_t outputs;    ///< channels of the output
  int32_t strands;    ///< outputs of each window, 1 or 2
} ck_reach;

/// A sequence as the first stage reads it.
typedef struct ck_bases {
  const float *_Nonnull tables;     ///< of its trimers, of one strand after the other
  const uint8_t *_Nonnull trimers;
  int32_t groups;                   ///< of three taps
  int32_t strands;                  ///< whose windows alternate
  int64_t strand;                   ///< blocks from one strand's tables to those of the other
} ck_bases;

/// DeepLIFT's multipliers of a stage's pre-activations, (pooled, O): what its outputs are worth times factors at their places, and times
/// extras, unless null, at the sequence's winners.
typedef struct ck_multipliers {
  const float *_Nonnull worth;
  const float *_Nonnull factors;
  const uint16_t *_Nonnull places;
  const float *_Nullable extras;
  const uint16_t *_Nonnull winners;
  float *_Nullable total;           ///< (positions, O), to which they are added
} ck_multipliers;

/// Positions from..<to.
typedef struct ck_range {
  int32_t from, to;
} ck_range;

/// An output of the first stage (number in (pooled, channels)) that has another input, or none: 1 + its place in the window, or 0.
typedef struct ck_path_change {
  int32_t unit;
  uint16_t before, after;
} ck_path_change;

/// How Winograd's products do a convolution of K taps at `count` positions.
typedef struct ck_winograd {
  int32_t points;  ///< products of convolutions
  int32_t taps;    ///< of each
  int32_t tiles;   ///< of three outputs that each of their rows stands for
  int32_t count;   ///< rows of their outputs
  int32_t rows;    ///< rows of their inputs
} ck_winograd;

/// A tile a row.
static inline ck_winograd ck_winograd_single(int32_t K, int32_t count) {
  const int32_t groups = (K + 2) / 3, tiles = (count + 2) / 3;
  return (ck_winograd){5, groups, 1, tiles, tiles + groups - 1};
}
/// Two where four groups of taps or more come in pairs; of two groups little is left to save.
static inline ck_winograd ck_winograd_form(int32_t K, int32_t count) {
  const ck_winograd f = ck_winograd_single(K, count);
  if (f.taps % 2 || f.taps < 4) return f;
  const int32_t pairs = (f.count + 1) / 2;
  return (ck_winograd){15, f.taps / 2, 2, pairs, pairs + f.taps / 2 - 1};
}

/// Floats of panels and, for `sequences` at once, of scratch memory.
static inline int64_t ck_winograd_panels(int32_t K, int32_t C, int32_t O) {
  const ck_winograd f = ck_winograd_form(K, 1);
  return (int64_t)f.points * f.taps * C * O;
}
static inline int64_t ck_winograd_scratch(int32_t sequences, int32_t count, int32_t K, int32_t C, int32_t O) {
  const ck_winograd f = ck_winograd_form(K, count);
  return (int64_t)sequences * f.points * ((int64_t)f.rows * C + (int64_t)f.count * O);
}

typedef struct ck_network_kernels {
  const char *_Nonnull name;
  /// Columns of a weight panel.
  int32_t panel;

  // The first layer, on base codes.

  /// tables (O/16, G, 125, 16): for each group of three taps the sum of their weights for every trimer; bias in group 0.
  void (*_Nonnull trimer_tables)(int32_t K, int32_t O, const float *_Nonnull w /* K,4,O */,
                                 const float *_Nonnull bias /* O */, float *_Nonnull tables);
  /// y (N, pooled, O) and, unless null, the winners' offsets in their pooling windows (N, pooled, O).
  void (*_Nonnull dna_forward)(int32_t n, int32_t groups, ck_epilogue e, const float *_Nonnull tables,
                               const uint8_t *_Nonnull trimers, int64_t trimer_stride,
                               const uint64_t *_Nullable keys, float *_Nonnull y, uint16_t *_Nullable winners);
  /// Adds to table_gradients (O/16, G, 125, 16) what dy (N, pooled, O) sends back through the epilogue.
  void (*_Nonnull dna_backward)(int32_t n, int32_t groups, ck_epilogue e, const uint8_t *_Nonnull trimers,
                                int64_t trimer_stride, const float *_Nonnull y, const float *_Nonnull dy,
                                const uint16_t *_Nullable winners, float *_Nonnull table_gradients);
  /// Folds table gradients of the first `rows` trimers (64 when nothing is unknown, else 125): dw (K, 4, O) and dbias (O) +=.
  void (*_Nonnull trimer_fold)(int32_t K, int32_t O, int32_t rows, const float *_Nonnull table_gradients,
                               float *_Nonnull dw, float *_Nonnull dbias);

  // Convolutions and dense layers. Weights are filter-major: w (O, taps·depth).

  /// Outputs from..<to (multiples of the panel, or O) of panels (O / panel, K·C, panel).
  void (*_Nonnull pack)(int32_t from, int32_t to, int32_t K, int32_t C, int32_t O, ck_weights w,
                        float *_Nonnull panels);
  /// z = bias (0 where null) + rows of x times panels, O outputs. With `pooled`, z is scratch of count·32 floats.
  void (*_Nonnull product)(ck_rows rows, int32_t O, ck_convolution c, const float *_Nonnull x,
                           const float *_Nonnull panels, const float *_Nullable bias, float *_Nonnull z,
                           const ck_pooled *_Nullable pooled);
  /// The same outputs of panels for winograd_product, ck_winograd_panels floats.
  void (*_Nonnull winograd_weights)(int32_t from, int32_t to, int32_t K, int32_t C, int32_t O, ck_weights w,
                                    float *_Nonnull panels);
  /// z = bias + convolution of x (`available` rows of C, `step` floats apart) with stride and dilation 1, with 5/9 of product's
  /// multiplications or, with 10 to 12 taps or 16 to 18 and so on, 5/12. scratch: ck_winograd_scratch floats.
  void (*_Nonnull winograd_product)(ck_rows rows, int32_t available, int32_t step, int32_t K, int32_t C,
                                    int32_t O, const float *_Nonnull x, const float *_Nonnull panels,
                                    const float *_Nullable bias, float *_Nonnull z,
                                    const ck_pooled *_Nullable pooled, float *_Nonnull scratch);
  /// The weights' gradient of such a convolution, with 5/9 of product_weights' multiplications: sums (5, O, ⌈K/3⌉·C) and dbias (O) +=
  /// what dz gives, whose rows lie like those of z. scratch: 5·(⌈count/3⌉·(C + O) + (⌈K/3⌉ - 1)·C) floats for each sequence.
  void (*_Nonnull winograd_sums)(ck_rows rows, int32_t available, int32_t step, int32_t K, int32_t C, int32_t O,
                                 const float *_Nonnull x, const float *_Nonnull dz, float *_Nonnull sums,
                                 float *_Nonnull dbias, float *_Nonnull scratch);
  /// dw (O, K·C) += the gradient that sums amount to.
  void (*_Nonnull winograd_fold)(int32_t K, int32_t C, int32_t O, const float *_Nonnull sums, float *_Nonnull dw);
  /// dx (rows of m outputs) += dz (m, O) times w.
  void (*_Nonnull product_input)(int32_t m, int32_t O, ck_convolution c, const float *_Nonnull dz,
                                 const float *_Nonnull w, float *_Nonnull dx);
  /// dw (O, taps·depth) += dz transposed times rows of x; dbias (O), unless null, += column sums, of whole blocks of O.
  void (*_Nonnull product_weights)(ck_rows rows, int32_t O, ck_convolution c, const float *_Nonnull dz,
                                   const float *_Nonnull x, float *_Nonnull dw, float *_Nullable dbias);
  /// z (positions, O) += Σ x·w over taps and the channels of the group, w (taps, channels, O).
  void (*_Nonnull grouped_product)(ck_grouped g, const float *_Nonnull x, const float *_Nonnull w,
                                   float *_Nonnull z);
  /// dx += what dz (positions, O) gives the input, dw += what it gives the weights, where dw is not null.
  void (*_Nonnull grouped_gradients)(ck_grouped g, const float *_Nonnull x, const float *_Nonnull dz,
                                     const float *_Nonnull w, float *_Nonnull dx, float *_Nullable dw);
  /// y (pooled, O) and winners from z (positions, O), or from scale·z + shift where scale is not null.
  void (*_Nonnull epilogue)(ck_epilogue e, const float *_Nonnull z, const float *_Nullable scale,
                            const float *_Nullable shift, uint64_t key, float *_Nonnull y,
                            uint16_t *_Nullable winners);
  /// dz (positions, O), overwritten, from d, what dy (pooled, O) sends through the epilogue: d itself, or where a is not
  /// null a·d + b·z + shift.
  void (*_Nonnull epilogue_backward)(ck_epilogue e, const float *_Nullable z, const float *_Nullable a,
                                     const float *_Nullable b, const float *_Nullable shift,
                                     const float *_Nonnull y, const float *_Nonnull dy,
                                     const uint16_t *_Nullable winners, float *_Nonnull dz);
  /// Backward of epilogue and convolution (stride and dilation 1) of n sequences in one, touching only what is not zero:
  /// dw, dbias +=; dx (n, rows, C) is overwritten. scratch: 8·(n + 1)·pooled·O + 4·(O + positions + 1) bytes.
  void (*_Nonnull sparse_backward)(ck_epilogue e, int32_t n, int32_t K, int32_t C, int32_t rows, int64_t x_stride,
                                   const float *_Nonnull x, const float *_Nonnull y, const float *_Nonnull dy,
                                   const uint16_t *_Nullable winners, const float *_Nonnull w,
                                   float *_Nonnull dw, float *_Nonnull dbias, float *_Nonnull dx,
                                   void *_Nonnull scratch);

  // Normalization.

  /// sums (2, C) += Σ (x - shift) and Σ (x - shift)² over rows.
  void (*_Nonnull channel_sums)(int64_t rows, int32_t C, const float *_Nonnull x, const float *_Nonnull shift,
                                double *_Nonnull sums);
  /// sums (2, O) += Σ d and Σ (z - mean)·d over the winners' places, d as in epilogue_backward.
  void (*_Nonnull epilogue_sums)(ck_epilogue e, const float *_Nonnull z, const float *_Nonnull mean,
                                 const float *_Nonnull y, const float *_Nonnull dy,
                                 const uint16_t *_Nullable winners, double *_Nonnull sums);

  // Recurrent layers: n sequences at one position. units is a multiple of CK_BLOCK; slope is that of the gates, 0 for σ.

  /// a (n, 4, units): what the input adds to the gates i f g o, overwritten by their values; own: what the state before adds.
  /// c and h (n, units) from the cell before.
  void (*_Nonnull lstm)(int32_t n, int32_t units, float slope, float *_Nonnull a, const float *_Nonnull own,
                        const float *_Nonnull before, float *_Nonnull c, float *_Nonnull h);
  /// a: the gates' values, overwritten by the gradients of what enters them; dc: that of c, overwritten by that of the cell before.
  void (*_Nonnull lstm_backward)(int32_t n, int32_t units, float slope, float *_Nonnull a,
                                 const float *_Nonnull before, const float *_Nonnull c, const float *_Nonnull dh,
                                 float *_Nonnull dc);
  /// The same for the gates z r g; before and h are states.
  void (*_Nonnull gru)(int32_t n, int32_t units, float slope, float *_Nonnull a, const float *_Nonnull own,
                       const float *_Nonnull before, float *_Nonnull h);
  /// a and own are overwritten by gradients, dh by what goes straight to the state before.
  void (*_Nonnull gru_backward)(int32_t n, int32_t units, float slope, float *_Nonnull a, float *_Nonnull own,
                                const float *_Nonnull before, float *_Nonnull dh);
  /// A GRU that resets the state before the product, in two steps: gates z and r of a and own, and reset (n, units) = r·before; then
  /// g, with what reset adds in own, and h.
  void (*_Nonnull gru_reset)(int32_t n, int32_t units, float slope, float *_Nonnull a, const float *_Nonnull own,
                             const float *_Nonnull before, float *_Nonnull reset);
  void (*_Nonnull gru_state)(int32_t n, int32_t units, float *_Nonnull a, const float *_Nonnull own,
                             const float *_Nonnull before, float *_Nonnull h);
  /// Back: gradients of z and g in a, the latter in candidate (n, units) too, and in dh what goes straight to the state before.
  void (*_Nonnull gru_state_backward)(int32_t n, int32_t units, float slope, float *_Nonnull a,
                                      const float *_Nonnull before, float *_Nonnull dh, float *_Nonnull candidate);
  /// With the gradient of reset: that of r in a, those of z and r in own with zeros for g, and dh += what reaches the state by r.
  void (*_Nonnull gru_reset_backward)(int32_t n, int32_t units, float slope, float *_Nonnull a, float *_Nonnull own,
                                      const float *_Nonnull before, const float *_Nonnull dreset,
                                      float *_Nonnull dh);

  // Parameters.

  /// total (count) = Σ over shards, in order, of shards[s·stride + i].
  void (*_Nonnull reduce)(int64_t count, int32_t shards, int64_t stride, const float *_Nonnull gradients,
                          float *_Nonnull total);
  /// Adam as Keras has it: m += (g - m)(1 - β1); v += (g² - v)(1 - β2); p -= rate·m / (√v + ε).
  void (*_Nonnull adam)(int64_t count, const float *_Nonnull g, float *_Nonnull p, float *_Nonnull m,
                        float *_Nonnull v, float rate, float beta1, float beta2, float epsilon);

  // Explanations: no gradients of weights.

  /// a (n) = d where y > 0, else 0; n a multiple of CK_BLOCK, as below.
  void (*_Nonnull gated)(int64_t n, const float *_Nonnull y, const float *_Nonnull d, float *_Nonnull a);
  /// a (n) = c·d.
  void (*_Nonnull scaled)(int64_t n, const float *_Nonnull c, const float *_Nonnull d, float *_Nonnull a);
  /// dx (size), overwritten: for each value of a and of b (pooled, O) at its place in the pooling window (null: the first) the
  /// value times its row of w, neighboring windows `step` floats apart, their strands alternating: w (strands, O, depth) where
  /// step is 4, else (step / 16, O, depth / step, 16). scratch: 16·pooled·O + 4·pooled·pool + 256 bytes.
  void (*_Nonnull spread)(ck_epilogue e, int32_t strands, int32_t step, int32_t depth, int64_t size,
                          const float *_Nonnull a,
                          const uint16_t *_Nullable a_places, const float *_Nullable b,
                          const uint16_t *_Nullable b_places, const float *_Nonnull w, float *_Nonnull dx,
                          void *_Nonnull scratch);
  /// DeepLIFT's rescale rule for ReLU and maximum, from the pre-activations (positions, O) of a sequence and of its reference: the
  /// reference's y (pooled, O), what a window's multiplier is multiplied with and at which place; and, unless 0 is returned, in
  /// extras with what at the sequence's winner beside it. Unless `doubt` is 0, appends to doubtful the `count` windows where a
  /// difference smaller than it may decide.
  int32_t (*_Nonnull rescale)(ck_epilogue e, const float *_Nonnull zx, const float *_Nonnull zr, float doubt,
                              float *_Nonnull y, float *_Nonnull factors, uint16_t *_Nonnull places,
                              float *_Nonnull extras, uint16_t *_Nonnull doubtful, int32_t *_Nonnull count);
  /// The same of the first stage, which looks the reference's pre-activations up.
  int32_t (*_Nonnull rescale_bases)(ck_epilogue e, ck_bases bases, const float *_Nonnull zx, float *_Nonnull y,
                                    float *_Nonnull factors, uint16_t *_Nonnull places, float *_Nonnull extras);
  /// values (length): for each base of the sequence, what the multipliers of the first stage make of it less what they make of the
  /// reference's; pairs (outputs / 16, 25, taps from the last to the first, 16) has the differences of the weights
  /// of bases a and b at 5·a + b. scratch: 17·(length + padding) + 32·positions + 512 floats.
  void (*_Nonnull contrasts)(ck_epilogue e, ck_reach r, int32_t length, const float *_Nonnull pairs, ck_multipliers m,
                             const uint8_t *_Nonnull sequence, const uint8_t *_Nonnull reference,
                             float *_Nonnull values, float *_Nonnull scratch);
  /// d (positions, O) += a (pooled, O) at its places in the pooling windows.
  void (*_Nonnull place)(ck_epilogue e, const float *_Nonnull a, const uint16_t *_Nonnull places, float *_Nonnull d);

  // Along the straight way z = from + α·slope of the first stage's pre-activations (positions, C).

  /// Brings states (pooled, C), 1 + the winner's place or 0 where ReLU closes, to α; returns how many changed, in order.
  int32_t (*_Nonnull path_states)(ck_epilogue e, const float *_Nonnull from, const float *_Nonnull slope, float alpha,
                                  uint16_t *_Nonnull states, ck_path_change *_Nonnull changes);
  /// constant + α·linear, (positions, outputs) of the second stage's pre-activations, after these changes. columns
  /// (C, taps from the last to the first, outputs); scratch: 16·C bytes.
  void (*_Nonnull path_update)(ck_epilogue e, ck_reach r, const float *_Nonnull from, const float *_Nonnull slope,
                               int32_t count, const ck_path_change *_Nonnull changes, const float *_Nonnull columns,
                               float *_Nonnull constant, float *_Nonnull linear, void *_Nonnull scratch);
  /// worths (positions, C) of the first stage's pre-activations, given d, the sum of the second stage's so far: what each
  /// changed unit's input has gained until now, less what had been gained when it came.
  void (*_Nonnull path_settle)(ck_epilogue e, ck_reach r, int32_t count, const ck_path_change *_Nonnull changes,
                               const float *_Nonnull columns, const float *_Nonnull d, float *_Nonnull worths);
  /// z (n) = a + alpha·b.
  void (*_Nonnull blend)(int64_t n, const float *_Nonnull a, const float *_Nonnull b, float alpha, float *_Nonnull z);

  // Mutants of a sequence: the base at one position becomes each of the others, in order. z (positions, O) and y (pooled, O) are what is
  // known of the sequence. The outputs that differ in a mutant at least are a range, and delta (from the first of them on, O) is each
  // mutant's change. `stride` floats lie between two mutants' deltas.

  /// The first stage: of base `before`, 4 for unknown.
  ck_range (*_Nonnull substitute)(ck_epilogue e, ck_reach r, const float *_Nonnull columns, const float *_Nonnull z,
                                  const float *_Nonnull y, int32_t position, int32_t before, float *_Nonnull delta,
                                  int64_t stride);
  /// A later stage for 3 or 4 mutants, whose inputs of C channels changed by input_delta. changes (positions, O), `stride` apart too, is
  /// scratch; scratch: 20 bytes for each of its inputs, 4 for each position, and 512.
  ck_range (*_Nonnull update)(ck_epilogue e, ck_reach r, int32_t C, const float *_Nonnull columns, const float *_Nonnull z,
                              const float *_Nonnull y, int32_t count, ck_range input, const float *_Nonnull input_delta,
                              float *_Nonnull changes, float *_Nonnull delta, int64_t stride, void *_Nonnull scratch);
} ck_network_kernels;

/// The number of instruction sets this machine can run; the last is portable C.
int32_t ck_network_count(void);
const ck_network_kernels *_Nonnull ck_network_table(int32_t index);

/// trimers[i] for i < length - 2: the row of codes[i..i+2] in a trimer table. Codes are 0…4.
void ck_trimers(int32_t length, const uint8_t *_Nonnull codes, uint8_t *_Nonnull trimers);

/// Whether two windows of `width` of the n codes, less than `distances` apart, hold the same; of more than 255 the first 255 are compared.
/// The 16 bytes after them are read and should be unknown bases.
int32_t ck_has_repeat(int32_t n, const uint8_t *_Nonnull codes, int32_t width, int32_t distances);

/// Whether n codes and n others hold the same `width` in a row at the same place.
int32_t ck_shares_window(int32_t n, const uint8_t *_Nonnull codes, const uint8_t *_Nonnull others, int32_t width);

/// Asks for `count` bytes that will be read soon.
static inline void ck_prefetch(const uint8_t *_Nonnull bytes, int64_t count) {
  for (int64_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i);
}

/// Counts of pairs of bases in the windows of K bases of n sequences: counts (K, K, 25) += at (0, d, 5·a + b) the positions
/// i < positions with code a at i and b at i + d; at (k, d, …) for k > 0 what changes from windows' taps k - 1 and
/// k - 1 + d to k and k + d.
void ck_window_pairs(int32_t n, int32_t K, int32_t positions, const uint8_t *_Nonnull trimers,
                     int64_t trimer_stride, int64_t *_Nonnull counts);
/// product (rows, O) = matrix (rows, rows) times w (rows, O).
void ck_matrix_product(int32_t rows, int32_t O, const double *_Nonnull matrix, const float *_Nonnull w,
                       double *_Nonnull product);
#endif
