// The 256-bit Secure Hash Algorithm's compression (FIPS 180-4), with the processor's own instructions where it has them.
#ifndef DIGEST_KERNELS_H
#define DIGEST_KERNELS_H
#include <stdint.h>

/// Adds `count` blocks of 64 bytes to a state of eight words; `constants` are the 64 of the standard.
void ck_sha256(uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, int64_t count, const uint32_t *_Nonnull constants);

/// The same in portable C.
void ck_sha256_portable(uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, int64_t count,
                        const uint32_t *_Nonnull constants);
#endif
