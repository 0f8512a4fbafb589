#include "optimizer_kernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

void ck_decay(int64_t count, float *p, float factor) {
  for (int64_t i = 0; i < count; i++) p[i] *= factor;
}

void ck_clip(int64_t count, float *g, float limit) {
  for (int64_t i = 0; i < count; i++) g[i] = g[i] > limit ? limit : g[i] < -limit ? -limit : g[i];
}

int32_t ck_is_finite(int64_t count, const float *p) {
  // A difference with itself is 0 for numbers, NaN for infinities and NaN; adding keeps a NaN.
  float sums[16] = {0};
  int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (int j = 0; j < 16; j++) sums[j] += p[i + j] - p[i + j];
  for (; i < count; i++) sums[0] += p[i] - p[i];
  float sum = 0;
  for (int j = 0; j < 16; j++) sum += sums[j];
  return sum == 0;
}

double ck_square_sum(int64_t count, const float *g) {
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += (double)g[i] * g[i];
  return sum;
}

void ck_sgd(int64_t count, const float *g, float *p, float *m, float rate, float momentum, int32_t nesterov) {
  if (!m) {
    for (int64_t i = 0; i < count; i++) p[i] -= rate * g[i];
    return;
  }
  for (int64_t i = 0; i < count; i++) {
    m[i] = momentum * m[i] - rate * g[i];
    p[i] += nesterov ? momentum * m[i] - rate * g[i] : m[i];
  }
}

void ck_rmsprop(int64_t count, const float *g, float *p, float *v, float *m, float rate, float rho, float momentum,
                float epsilon) {
  for (int64_t i = 0; i < count; i++) {
    v[i] += (1 - rho) * (g[i] * g[i] - v[i]);
    const float step = rate * g[i] / sqrtf(v[i] + epsilon);
    if (m) m[i] = momentum * m[i] + step;
    p[i] -= m ? m[i] : step;
  }
}
