#ifndef COMPARISON_KERNELS_H
#define COMPARISON_KERNELS_H
#include <stdint.h>

/// Comparing motifs column by column: scores of one query column against all target columns, their order
/// statistics and bins, the best ungapped alignment with each target, and the null distribution.
///
/// Letters: w query columns, T target columns, L columns of one target. All tables compute the same bits:
/// lanes are eight doubles wide in each of them and no multiply-add is fused.

/// Columns of many motifs, base by base.
typedef struct comparison_columns {
  /// (4, count) frequencies.
  const double *_Nonnull frequencies;
  /// The same in single precision, for `euclidean`.
  const float *_Nullable singles;
  /// (count / 16) words: a bit for each column that no earlier one equals, for `estimate`.
  const uint16_t *_Nullable distinct;
  /// (4, count) logarithms that `kullback` and `allr` need, or (count) log-likelihoods for `ck_comparison_likelihood`.
  const double *_Nullable logarithms;
  /// (count) sites, or squared norms about 1/4 for `pearson`.
  const double *_Nullable weights;
  /// Columns, and the same rounded up to a multiple of 16; what is after the last column repeats it.
  int64_t real, count;
  /// The largest frequency.
  double largest;
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

/// What one pass over many values found.
typedef struct comparison_pass {
  comparison_range range;
  /// How many values lie below the window, and how many in it.
  int64_t below, inside;
} comparison_pass;

/// One distance. Scores are computed twice rather than kept, since memory is slower than arithmetic.
typedef struct comparison_distance {
  /// One pass for each of w query columns over the keys of all columns: what is larger the more alike, the scores
  /// themselves but for `euclidean`, whose key is −Σ (a − b)². Keys within windows[i] are copied, in order, to
  /// inside + i · stride (count + 8 each).
  void (*_Nonnull measure)(const comparison_column *_Nonnull query, int32_t width,
                           const comparison_columns *_Nonnull columns, const comparison_range *_Nonnull windows,
                           double *_Nonnull inside, int64_t stride, comparison_pass *_Nonnull passes);
  /// bins[i · stride + t] = floor((score − shifts[i]) · scale + ½) + unit.
  void (*_Nonnull bin)(const comparison_column *_Nonnull query, int32_t width,
                       const comparison_columns *_Nonnull columns, const double *_Nonnull shifts, double scale,
                       int32_t unit, int8_t *_Nonnull bins, int64_t stride);
} comparison_distance;

/// A number below 1 to 14 significant digits, as `pearson` rounds its sums after each term.
double ck_comparison_rounded(double x);

typedef struct ck_comparison_kernels {
  const char *_Nonnull name;
  comparison_distance euclidean, sandelin, pearson, kullback, allr;
  /// As `measure` for `euclidean`, at a quarter of its cost: windows and counts are of estimates, each off by at most
  /// `ck_comparison_key_error`, and `inside` has them with their columns' numbers in the last bits, as
  /// `ck_comparison_exact_keys` takes them. Ranges are exact. Not for `COMPARISON_MOST_ESTIMATES` columns or more; extremes
  /// (width, ck_comparison_blocks(count), 2) is scratch.
  void (*_Nonnull estimate)(const comparison_column *_Nonnull query, int32_t width,
                            const comparison_columns *_Nonnull columns, const comparison_range *_Nonnull windows,
                            double *_Nonnull inside, int64_t stride, float *_Nonnull extremes,
                            comparison_pass *_Nonnull passes);
  /// As `measure`, for values that are there; the range is not looked for.
  comparison_pass (*_Nonnull window)(const double *_Nonnull values, int64_t count, comparison_range window,
                                     double *_Nonnull inside);
  /// The value that stands at `rank` (from 0) once the values are sorted. All lie in range; scratch (2 · count + 16).
  double (*_Nonnull select)(const double *_Nonnull values, int64_t count, comparison_range range, int64_t rank,
                            double *_Nonnull scratch);
  /// As a distance's `bin`, for one row of scores that are there.
  void (*_Nonnull bin)(const double *_Nonnull scores, int64_t count, double shift, double scale, int32_t unit,
                       int8_t *_Nonnull bins);
  /// The best sum of bins over the allowed alignments of w query columns with each of `targets` targets. Target k
  /// has columns starts[k] ..< starts[k] + lengths[k] of each row; rows are `stride` apart, with 64 readable
  /// bytes before the first and after the last. An alignment is allowed if it covers margin(w, L) columns.
  void (*_Nonnull best)(const int8_t *_Nonnull bins, int64_t stride, int32_t width,
                        const int32_t *_Nonnull starts, const int32_t *_Nonnull lengths, int64_t targets,
                        int32_t minimum_overlap, int16_t *_Nonnull best);
  /// out[x] = Σ weights[k] · previous[x − steps[k]] for 0 ≤ x < count. previous is readable from −steps[last] to
  /// count + 63; out has room for count rounded up to 64.
  void (*_Nonnull convolve)(const double *_Nonnull previous, const double *_Nonnull weights,
                            const int32_t *_Nonnull steps, int64_t terms, double *_Nonnull out, int64_t count);
  /// total[x] = total[x] + more[x] − total[x] · more[x]: the chance of either of two independent events.
  void (*_Nonnull unite)(double *_Nonnull total, const double *_Nonnull more, int64_t count);
} ck_comparison_kernels;

/// The tables this machine can run, best first; the last is portable C.
int32_t ck_comparison_count(void);
const ck_comparison_kernels *_Nonnull ck_comparison_table(int32_t index);

/// Columns that an estimate can name: a float leaves 29 bits of a double free.
#define COMPARISON_MOST_ESTIMATES (1 << 28)

/// How many blocks columns are taken in.
int64_t ck_comparison_blocks(int64_t count);

/// The most that an estimate differs from its key.
double ck_comparison_key_error(const comparison_column *_Nonnull query, const comparison_columns *_Nonnull columns);

/// Sets a bit for each of `real` columns that no earlier one equals: distinct (count / 16), frequencies (4, count).
void ck_comparison_find_distinct(const double *_Nonnull frequencies, int64_t real, int64_t count,
                              uint16_t *_Nonnull distinct);

/// Estimates become the keys that `measure` finds, to the bit.
void ck_comparison_exact_keys(const comparison_column *_Nonnull query, const comparison_columns *_Nonnull columns,
                           double *_Nonnull estimates, int64_t count);

/// The value at `rank` of many, which are reordered.
double ck_comparison_nth(double *_Nonnull values, int64_t count, int64_t rank);

/// The largest sample for `ck_comparison_guess`.
#define COMPARISON_SAMPLE 1024

/// Two values between which the value at `rank` of many lies but for bad luck, from a sample of them: as many
/// standard deviations of a random sample to either side.
comparison_range ck_comparison_guess(const double *_Nonnull sample, int64_t count, comparison_range range,
                                  double rank, double total, double deviations);

/// counts[k] = how many of the first `count` bins are lowest + k, for k < 128. All bins lie in lowest ..< lowest + 128.
void ck_comparison_histogram(const int8_t *_Nonnull bins, int64_t count, int32_t lowest, uint64_t *_Nonnull counts);

/// An alignment of a query with a target: query column 0 lies on target column `offset`.
typedef struct comparison_alignment {
  int32_t offset, overlap, score;
} comparison_alignment;

/// The best alignment with one target, found as `best` finds its score. Among equal scores a later one, its offset
/// larger, replaces an earlier one if its overlap is larger than the other's overlap or, with `over_offset`, than
/// the other's offset.
comparison_alignment ck_comparison_align(const int8_t *_Nonnull bins, int64_t stride, int32_t width, int32_t start,
                                      int32_t length, int32_t minimum_overlap, int32_t over_offset);

/// Sorts values that are not negative, ascending; scratch (count).
void ck_comparison_sort(double *_Nonnull values, double *_Nonnull scratch, int64_t count);

/// Log-likelihood ratio of a common against two separate sources under a Dirichlet mixture of 1 or 5 components;
/// with `background`, the Bayesian score that also asks for distance from it. Natural logarithms.
comparison_range ck_comparison_likelihood(const comparison_column *_Nonnull column,
                                       const comparison_columns *_Nonnull columns, int32_t components,
                                       const double *_Nullable background, double *_Nonnull scores);

/// The log-likelihood of counts (4) under their own posterior mean.
double ck_comparison_log_likelihood(const double *_Nonnull counts, int32_t components);
#endif
