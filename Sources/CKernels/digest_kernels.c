#include "digest_kernels.h"

static uint32_t turned(uint32_t word, int count) { return word >> count | word << (32 - count); }

static uint32_t loaded(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void ck_sha256_portable(uint32_t *state, const uint8_t *blocks, int64_t count, const uint32_t *constants) {
  for (; count > 0; count--, blocks += 64) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++) w[i] = loaded(blocks + 4 * i);
    for (int i = 16; i < 64; i++) {
      const uint32_t x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + (turned(x, 7) ^ turned(x, 18) ^ x >> 3) + w[i - 7] + (turned(y, 17) ^ turned(y, 19) ^ y >> 10);
    }
    for (int i = 0; i < 8; i++) s[i] = state[i];
    for (int i = 0; i < 64; i++) {
      const uint32_t a = s[0], b = s[1], c = s[2], e = s[4];
      const uint32_t t1 = s[7] + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
      const uint32_t t2 = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      for (int k = 7; k > 0; k--) s[k] = s[k - 1];
      s[4] += t1;
      s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
  }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// The instructions keep the state as A B E F and C D G H, the first in the highest lane, and do two rounds each.
__attribute__((target("sha,sse4.1,ssse3"))) static void with_instructions(uint32_t *state, const uint8_t *blocks, int64_t count,
                                                                           const uint32_t *constants) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);
  for (; count > 0; count--, blocks += 64) {
    const __m128i before[2] = {abef, cdgh};
    __m128i w[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      __m128i next;
      if (i < 4) {
        next = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * i)), big_endian);
      } else {
        const __m128i last = w[(i + 3) & 3];
        const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]), _mm_alignr_epi8(last, w[(i + 2) & 3], 4));
        next = _mm_sha256msg2_epu32(sum, last);
      }
      w[i & 3] = next;
      const __m128i k = _mm_add_epi32(next, _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0E));
    }
    abef = _mm_add_epi32(abef, before[0]);
    cdgh = _mm_add_epi32(cdgh, before[1]);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static int has_instructions;
// Asked once: under a hypervisor the question takes longer than a block.
__attribute__((constructor)) static void choose(void) {
  unsigned a, b, c, d;
  __builtin_cpu_init();
  has_instructions = __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

void ck_sha256(uint32_t *state, const uint8_t *blocks, int64_t count, const uint32_t *constants) {
  (has_instructions ? with_instructions : ck_sha256_portable)(state, blocks, count, constants);
}
#else
void ck_sha256(uint32_t *state, const uint8_t *blocks, int64_t count, const uint32_t *constants) {
  ck_sha256_portable(state, blocks, count, constants);
}
#endif
