#ifndef COMPARISON_KERNELS_H
#define COMPARISON_KERNELS_H
#include <stdint.h>

/// Comparing motifs column by column: scores of one query column against all target columns, their order
/// statistics and bins, the best ungapped alignment with each target, and the null distribution.
///
/// Letters: w query columns, T target columns, L columns of one target. All tables compute the same bits:
/// lanes are eight doubles wide in each of them and no multiply-add is fused.

/// Columns of many motifs, base by base. `count` is a multiple of 8; what is behind the last column repeats it.
typedef struct comparison_columns {
  /// (4, count) frequencies.
  const double *_Nonnull frequencies;
  /// (4, count) logarithms that the distance needs.
  const double *_Nullable logarithms;
  /// (count) sites, or squared norms about 1/4 for `pearson`.
  const double *_Nullable weights;
  int64_t count;
} comparison_columns;

/// One query column.
typedef struct comparison_column {
  double frequencies[4];
  double logarithms[4];
  double weight;
} comparison_column;

typedef struct comparison_range {
  double low, high;
} comparison_range;

/// Scores of `column` against all `columns` into scores (count); larger is more alike. Returns their range.
typedef comparison_range (*comparison_scores)(const comparison_column *_Nonnull column,
                                              const comparison_columns *_Nonnull columns,
                                              double *_Nonnull scores);

typedef struct comparison_kernels {
  const char *_Nonnull name;
  comparison_scores _Nonnull euclidean, sandelin, pearson, kullback, allr;
  /// Copies the values in low…high, in order, to `inside` (count + 8); returns how many they are, and how many
  /// values lie below through `below`.
  int64_t (*_Nonnull window)(const double *_Nonnull values, int64_t count, double low, double high,
                             double *_Nonnull inside, int64_t *_Nonnull below);
  /// The value that stands at `rank` (from 0) once the values are sorted. All lie in range; scratch (2 · count + 16).
  double (*_Nonnull select)(const double *_Nonnull values, int64_t count, comparison_range range, int64_t rank,
                            double *_Nonnull scratch);
  /// bins[t] = floor((scores[t] − shift) · scale + ½) + unit for t < count, a multiple of 8.
  void (*_Nonnull bin)(const double *_Nonnull scores, int64_t count, double shift, double scale, int32_t unit,
                       int8_t *_Nonnull bins);
  /// The best sum of bins over the allowed alignments of w query columns with each of `targets` targets. Target k
  /// has columns starts[k] ..< starts[k] + lengths[k] of each row; rows are `stride` apart, with 64 readable
  /// bytes before the first and behind the last. An alignment is allowed if it covers margin(w, L) columns.
  void (*_Nonnull best)(const int8_t *_Nonnull bins, int64_t stride, int32_t width,
                        const int32_t *_Nonnull starts, const int32_t *_Nonnull lengths, int64_t targets,
                        int32_t minimum_overlap, int16_t *_Nonnull best);
  /// out[x] = Σ weights[k] · previous[x − steps[k]] for 0 ≤ x < count. previous is readable from −steps[last] to
  /// count + 63; out has room for count rounded up to 64.
  void (*_Nonnull convolve)(const double *_Nonnull previous, const double *_Nonnull weights,
                            const int32_t *_Nonnull steps, int64_t terms, double *_Nonnull out, int64_t count);
  /// total[x] = total[x] + more[x] − total[x] · more[x]: the chance of either of two independent events.
  void (*_Nonnull unite)(double *_Nonnull total, const double *_Nonnull more, int64_t count);
} comparison_kernels;

/// The tables this machine can run, best first; the last is portable C.
int32_t comparison_kernels_count(void);
const comparison_kernels *_Nonnull comparison_kernels_at(int32_t index);

/// counts[bins[t] − lowest] += 1 for t < count; counts (256) is cleared first.
void comparison_histogram(const int8_t *_Nonnull bins, int64_t count, int32_t lowest, uint32_t *_Nonnull counts);

/// Sorts values that are not negative, ascending; scratch (count).
void comparison_sort(double *_Nonnull values, double *_Nonnull scratch, int64_t count);

/// Log-likelihood ratio of a common against two separate sources under a Dirichlet mixture of 1 or 5 components;
/// with `background`, the Bayesian score that also asks for distance from it. Natural logarithms.
comparison_range comparison_likelihood(const comparison_column *_Nonnull column,
                                       const comparison_columns *_Nonnull columns, int32_t components,
                                       const double *_Nullable background, double *_Nonnull scores);
#endif
