#include "similarity_kernels.h"
#include "dispatch.h"

#define NAME(x) CAT(x, portable)
#define LABEL "portable"
#include "similarity.inc"
#undef NAME
#undef LABEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx2)
#define LABEL "avx2"
#include "similarity.inc"
#undef NAME
#undef LABEL
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi,bmi2"))), apply_to = function)
#define NAME(x) CAT(x, avx512)
#define LABEL "avx512"
#include "similarity.inc"
#undef NAME
#undef LABEL
#pragma clang attribute pop
#endif

CK_DISPATCH(similarity_kernels, similarity_kernels_count, similarity_kernels_at, 1)
