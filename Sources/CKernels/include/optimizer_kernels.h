// Steps of optimizers other than Adam, and what is done to gradients before them. Plain loops: they are bound by memory, and
// few. Every operation is rounded by itself, so they give the same bits on every machine.
#ifndef OPTIMIZER_KERNELS_H
#define OPTIMIZER_KERNELS_H
#include <stdint.h>

/// p *= factor.
void ck_decay(int64_t count, float *_Nonnull p, float factor);
/// g = min(max(g, -limit), limit).
void ck_clip(int64_t count, float *_Nonnull g, float limit);
/// Whether no value is infinite or NaN.
int32_t ck_is_finite(int64_t count, const float *_Nonnull p);
/// Σ g², in order, in double precision.
double ck_square_sum(int64_t count, const float *_Nonnull g);
/// Without `m`: p -= rate·g. With it: m = momentum·m - rate·g; p += m, or, where nesterov, p += momentum·m - rate·g.
void ck_sgd(int64_t count, const float *_Nonnull g, float *_Nonnull p, float *_Nullable m, float rate,
            float momentum, int32_t nesterov);
/// v += (1 - rho)(g² - v); d = rate·g / √(v + epsilon); without `m` p -= d, with it m = momentum·m + d; p -= m.
void ck_rmsprop(int64_t count, const float *_Nonnull g, float *_Nonnull p, float *_Nonnull v, float *_Nullable m,
                float rate, float rho, float momentum, float epsilon);
#endif
