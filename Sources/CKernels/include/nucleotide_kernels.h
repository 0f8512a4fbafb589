// Letters of nucleotides and their codes, many at a time. All instruction sets give the same bytes.
#ifndef NUCLEOTIDE_KERNELS_H
#define NUCLEOTIDE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

typedef struct ck_nucleotide_kernels {
  const char *_Nonnull name;
  /// Replaces letters by their codes as `table` of 256 has them. Returns all codes or-ed together, with 3 for any of A C G T.
  uint8_t (*_Nonnull encode)(uint8_t *_Nonnull bases, size_t count, const uint8_t *_Nonnull table);
  /// Replaces codes by their letters: A C G T, and N for all others.
  void (*_Nonnull decode)(uint8_t *_Nonnull bases, size_t count);
} ck_nucleotide_kernels;

/// The tables this machine can run, best first; the last is portable C.
int32_t ck_nucleotide_count(void);
const ck_nucleotide_kernels *_Nonnull ck_nucleotide_table(int32_t index);

#endif
