// What filters do on a sequence: kernels over activation maps (positions, channels), channels padded to 16 floats. All
// instruction sets give the same bits.
#ifndef ACTIVITY_KERNELS_H
#define ACTIVITY_KERNELS_H
#include <stdint.h>

/// An activation above its filter's cut.
typedef struct activity_site {
  int32_t position;
  int32_t filter;
} activity_site;

typedef struct ck_activity_kernels {
  const char *_Nonnull name;
  /// Maximum, minimum and sum over positions of each channel, and how many are above zero; outputs (channels).
  void (*_Nonnull measure)(int32_t positions, int32_t channels, const float *_Nonnull map, float *_Nonnull maximum,
                           float *_Nonnull minimum, float *_Nonnull sum, int32_t *_Nonnull active);
  /// Lists where the map is above the channel's cut, position by position, and returns how many such places there are;
  /// `sites` has room for all positions and channels.
  int32_t (*_Nonnull above)(int32_t positions, int32_t channels, const float *_Nonnull map,
                            const float *_Nonnull cuts, activity_site *_Nonnull sites);
  /// Adds, about `center` (channels), the values of rows of a map to `sums` (channels) and their products to `products`
  /// (channels, channels), of which the upper triangle is filled; scratch (32, channels).
  void (*_Nonnull products)(int32_t rows, int32_t channels, const float *_Nonnull map, const double *_Nonnull center,
                            double *_Nonnull scratch, double *_Nonnull sums, double *_Nonnull products);
} ck_activity_kernels;

/// The number of instruction sets this machine can run, best first; the last is portable C.
int32_t ck_activity_count(void);
const ck_activity_kernels *_Nonnull ck_activity_table(int32_t index);
#endif
