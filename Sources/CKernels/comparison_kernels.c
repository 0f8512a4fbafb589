#include "comparison_kernels.h"
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define INLINE inline __attribute__((always_inline))
// Every table gives the same bits: a fused multiply-add would round differently from the portable code.
#pragma clang fp contract(off)
// Vectors pass only between functions that are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

// Columns that are taken at a time.
#define BLOCK 512

typedef double doubles __attribute__((ext_vector_type(8)));
typedef _Bool flags16 __attribute__((ext_vector_type(16)));
typedef float floats __attribute__((ext_vector_type(16)));
typedef float floats8 __attribute__((ext_vector_type(8)));
typedef int64_t longs __attribute__((ext_vector_type(8)));
typedef int32_t ints __attribute__((ext_vector_type(8)));
typedef int32_t ints16 __attribute__((ext_vector_type(16)));
typedef int8_t bytes __attribute__((ext_vector_type(8)));
typedef int8_t bytes16 __attribute__((ext_vector_type(16)));
typedef int8_t bytes32 __attribute__((ext_vector_type(32)));
typedef int16_t shorts __attribute__((ext_vector_type(32)));
typedef uint16_t ushorts __attribute__((ext_vector_type(32)));

// Steps to the power of ten that leaves 14 digits before the point, for numbers down to 1e-15.
static const struct {
  double below, factor;
} places[4] = {{1e-8, 1e8}, {1e-4, 1e4}, {1e-2, 1e2}, {1e-1, 1e1}};

double ck_comparison_rounded(double x) {
  double size = fabs(x), scale = 1e14;
  for (int32_t k = 0; k < 4; k++) {
    const double factor = size < places[k].below ? places[k].factor : 1;
    size *= factor;
    scale *= factor;
  }
  return nearbyint(x * scale) / scale;
}

// The value at `rank` after Hoare; the values are reordered.
double ck_comparison_nth(double *values, int64_t count, int64_t rank) {
  int64_t low = 0, high = count - 1;
  while (low < high) {
    const double pivot = values[low + (high - low) / 2];
    int64_t i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const double swapped = values[i];
        values[i++] = values[j];
        values[j--] = swapped;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}

comparison_range ck_comparison_guess(const double *sample, int64_t count, comparison_range range, double rank,
                                  double total, double deviations) {
  comparison_range guess = {-INFINITY, INFINITY};
  const double per_bin = 255 / (range.high - range.low);
  // One value only, or so close together that bins cannot tell them apart.
  if (!(per_bin < 1e300)) return guess;
  int32_t counts[256] = {0};
  for (int64_t t = 0; t < count; t++) counts[(int32_t)((sample[t] - range.low) * per_bin)]++;
  // Standard deviations of the share below the rank in a random sample, and one for the rounding.
  const double share = rank / total;
  const double margin = deviations * sqrt(share * (1 - share) * (double)count) + 1;
  const double least = floor(share * (double)count - margin), most = ceil(share * (double)count + margin);
  int32_t first = 0, last = 0, sum = 0, below = 0;
  for (int32_t k = 0; k < 256; k++) {
    if (sum <= least) first = k, below = sum;
    if (sum <= most) last = k;
    sum += counts[k];
  }
  // Of the values in those bins, which may be many, the ones at the two ranks.
  double near[COMPARISON_SAMPLE];
  int64_t found = 0;
  for (int64_t t = 0; t < count; t++) {
    const int32_t bin = (int32_t)((sample[t] - range.low) * per_bin);
    near[found] = sample[t];
    found += bin >= first && bin <= last;
  }
  if (least >= 0) guess.low = ck_comparison_nth(near, found, (int64_t)least - below);
  if (most < (double)count) guess.high = ck_comparison_nth(near, found, (int64_t)most - below);
  return guess;
}

void ck_comparison_find_distinct(const double *frequencies, int64_t real, int64_t count, uint16_t *distinct) {
  int64_t slots = 1;
  while (slots < 2 * real) slots *= 2;
  int32_t *first = malloc((size_t)slots * sizeof *first);
  for (int64_t t = 0; t < count / 16; t++) distinct[t] = first ? 0 : 0xffff;
  if (!first) return;
  for (int64_t k = 0; k < slots; k++) first[k] = -1;
  for (int64_t t = 0; t < real; t++) {
    uint64_t hash = 0, bits;
    for (int32_t b = 0; b < 4; b++) {
      __builtin_memcpy(&bits, frequencies + b * count + t, sizeof bits);
      hash = (hash ^ bits) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 29;
    }
    for (int64_t slot = (int64_t)(hash & (uint64_t)(slots - 1));; slot = (slot + 1) & (slots - 1)) {
      if (first[slot] < 0) {
        first[slot] = (int32_t)t;
        distinct[t / 16] |= (uint16_t)(1 << t % 16);
        break;
      }
      int32_t equal = 0;
      for (int32_t b = 0; b < 4; b++)
        equal += frequencies[b * count + t] == frequencies[b * count + first[slot]];
      if (equal == 4) break;
    }
  }
  free(first);
}

static const longs lanes = {0, 1, 2, 3, 4, 5, 6, 7};
static const ints16 lanes16 = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

int64_t ck_comparison_blocks(int64_t count) { return (count + BLOCK - 1) / BLOCK; }

static double comparison_largest(const comparison_column *q, const comparison_columns *c) {
  double largest = c->largest;
  for (int32_t b = 0; b < 4; b++) largest = fmax(largest, fabs(q->frequencies[b]));
  return largest;
}

// With frequencies up to m, each of four differences is off by at most 1.8e-7 m, its square by 4.2e-7 m², and the
// number of the column in the last bits of a double adds 2.4e-7 m².
double ck_comparison_key_error(const comparison_column *q, const comparison_columns *c) {
  const double largest = comparison_largest(q, c);
  return 4e-6 * largest * largest;
}

// The root of the sum of squares is off by at most 7e-7 m where its own roundings are counted in, and what is
// multiplied with and added to it by a few times 6e-8 of its size.
static double comparison_bin_error(const comparison_column *q, const comparison_columns *c, double shift,
                                   double scale) {
  return scale * (1.2e-6 * comparison_largest(q, c) + 2e-7 * fabs(shift)) + 1e-6;
}

void ck_comparison_exact_keys(const comparison_column *q, const comparison_columns *c, double *estimates,
                           int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    uint64_t bits;
    __builtin_memcpy(&bits, estimates + k, sizeof bits);
    const double *column = c->frequencies + (bits & (COMPARISON_MOST_ESTIMATES - 1));
    double sum = 0;
    for (int32_t b = 0; b < 4; b++) {
      const double difference = column[b * c->count] - q->frequencies[b];
      sum += difference * difference;
    }
    estimates[k] = -sum;
  }
}

#define CK_FAMILY comparison
#define CK_BODY "comparison.inc"
#include "instruction_sets.h"

void ck_comparison_histogram(const int8_t *bins, int64_t count, int32_t lowest, uint64_t *counts) {
  // Pairs of neighbors are counted together: half as many additions, and few that wait for the one before.
  uint16_t pairs[128 * 128];
  for (int32_t k = 0; k < 128; k++) counts[k] = 0;
  int64_t t = 0;
  while (t + 8 <= count) {
    __builtin_memset(pairs, 0, sizeof pairs);
    // Four pairs a word: before any of them can overflow.
    const int64_t words = (count - t) / 8 < 16383 ? (count - t) / 8 : 16383;
    for (int64_t k = 0; k < words; k++, t += 8) {
      uint64_t word;
      __builtin_memcpy(&word, bins + t, 8);
      word = (word & 0x007f007f007f007f) | (word & 0x7f007f007f007f00) >> 1;
      pairs[word & 0x3fff]++;
      pairs[word >> 16 & 0x3fff]++;
      pairs[word >> 32 & 0x3fff]++;
      pairs[word >> 48 & 0x3fff]++;
    }
    uint32_t first[128] = {0};
    for (int32_t second = 0; second < 128; second++) {
      uint32_t sum = 0;
      for (int32_t k = 0; k < 128; k++) {
        sum += pairs[128 * second + k];
        first[k] += pairs[128 * second + k];
      }
      counts[(second - lowest) & 127] += sum;
    }
    for (int32_t k = 0; k < 128; k++) counts[(k - lowest) & 127] += first[k];
  }
  for (; t < count; t++) counts[(bins[t] - lowest) & 127]++;
}

comparison_alignment ck_comparison_align(const int8_t *bins, int64_t stride, int32_t width, int32_t start,
                                      int32_t length, int32_t minimum_overlap, int32_t over_offset) {
  const int32_t shorter = width < length ? width : length;
  const int32_t least = minimum_overlap < shorter ? minimum_overlap : shorter;
  comparison_alignment best = {0, 0, INT32_MIN};
  for (int32_t offset = least - width; offset <= length - least; offset++) {
    const int32_t first = offset < 0 ? -offset : 0;
    const int32_t end = width < length - offset ? width : length - offset;
    comparison_alignment now = {offset, end - first, 0};
    const int8_t *bin = bins + first * stride + start + first + offset;
    for (int32_t column = first; column < end; column++, bin += stride + 1) now.score += *bin;
    if (now.score > best.score ||
        (now.score == best.score && now.overlap > (over_offset ? best.offset : best.overlap)))
      best = now;
  }
  return best;
}

void ck_comparison_sort(double *values, double *scratch, int64_t count) {
  // Bit patterns of doubles that are not negative sort as integers: radix sort, eleven bits a pass.
  typedef uint64_t __attribute__((may_alias)) word;
  word *from = (word *)values, *to = (word *)scratch;
  for (int32_t shift = 0; shift < 64; shift += 11) {
    int64_t starts[2049] = {0};
    for (int64_t t = 0; t < count; t++) starts[((from[t] >> shift) & 2047) + 1]++;
    if (count == 0 || starts[((from[0] >> shift) & 2047) + 1] == count) continue;
    for (int32_t k = 0; k < 2048; k++) starts[k + 1] += starts[k];
    for (int64_t t = 0; t < count; t++) to[starts[(from[t] >> shift) & 2047]++] = from[t];
    word *swapped = from;
    from = to;
    to = swapped;
  }
  if (from != (word *)values) __builtin_memcpy(values, from, (size_t)count * sizeof *values);
}

// The posterior mean of a column given counts c, under one component (1,1,1,1) or five of equal weight:
// (5,1,1,1) … (1,1,1,5), (2,2,2,2). All five sum to 8, so that their evidence differs only by
// Π Γ(α + c) / Γ(α), which against (1,1,1,1) is (c+1)(c+2)(c+3)(c+4)/24 of the favoured base, or Π (c+1).
static void posterior_mean(const double *c, int32_t components, double *mean) {
  const double total = c[0] + c[1] + c[2] + c[3];
  if (components == 1) {
    for (int32_t b = 0; b < 4; b++) mean[b] = (c[b] + 1) / (total + 4);
    return;
  }
  double evidence[5], sum = 0;
  for (int32_t b = 0; b < 4; b++) evidence[b] = (c[b] + 1) * (c[b] + 2) * (c[b] + 3) * (c[b] + 4) / 24;
  evidence[4] = (c[0] + 1) * (c[1] + 1) * (c[2] + 1) * (c[3] + 1);
  for (int32_t k = 0; k < 5; k++) sum += evidence[k];
  for (int32_t b = 0; b < 4; b++) {
    double prior = 2 * evidence[4];
    for (int32_t k = 0; k < 4; k++) prior += (k == b ? 5 : 1) * evidence[k];
    mean[b] = (c[b] + prior / sum) / (total + 8);
  }
}

double ck_comparison_log_likelihood(const double *c, int32_t components) {
  double mean[4], sum = 0;
  posterior_mean(c, components, mean);
  for (int32_t b = 0; b < 4; b++) sum += c[b] * log(mean[b]);
  return sum;
}

comparison_range ck_comparison_likelihood(const comparison_column *column, const comparison_columns *columns,
                                       int32_t components, const double *background, double *scores) {
  double query[4];
  for (int32_t b = 0; b < 4; b++) query[b] = column->weight * column->frequencies[b];
  const double of_query = ck_comparison_log_likelihood(query, components);
  comparison_range range = {0, 0};
  for (int64_t t = 0; t < columns->count; t++) {
    double both[4], random = 0;
    for (int32_t b = 0; b < 4; b++) {
      both[b] = query[b] + columns->weights[t] * columns->frequencies[b * columns->count + t];
      if (background) random += both[b] * log(background[b]);
    }
    const double common = ck_comparison_log_likelihood(both, components);
    const double separate = of_query + columns->logarithms[t];
    const double score = background ? 2 * common - separate - random : common - separate;
    scores[t] = score;
    range.low = t == 0 || score < range.low ? score : range.low;
    range.high = t == 0 || score > range.high ? score : range.high;
  }
  return range;
}
