// Letters of nucleotides and their codes, many at a time.
#ifndef NUCLEOTIDE_KERNELS_H
#define NUCLEOTIDE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Replaces letters by their codes as `table` of 256 has them. Returns all codes or-ed together, with 3 for any of A C G T.
uint8_t mk_encode_bases(uint8_t *bases, size_t count, const uint8_t *table);

/// Replaces codes by their letters: A C G T, and N for all others.
void mk_decode_bases(uint8_t *bases, size_t count);

#endif
