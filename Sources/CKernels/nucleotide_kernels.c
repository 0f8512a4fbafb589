#include "nucleotide_kernels.h"

enum { BLOCK = 64 };

/// Encodes a block; where its size is known to the compiler, without loops.
static inline __attribute__((always_inline)) uint8_t encode_block(
    uint8_t *block, size_t count, const uint8_t *table) {
  uint8_t others = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t letter = block[i] | 0x20;
    others |= (letter != 'a') & (letter != 'c') & (letter != 'g') & (letter != 't');
  }
  uint8_t seen = 3;
  if (others) {
    for (size_t i = 0; i < count; i++) seen |= block[i] = table[block[i]];
  } else {
    // Bits 1 and 2 of A C T G count from 0 to 3.
    for (size_t i = 0; i < count; i++) {
      uint8_t order = block[i] >> 1 & 3;
      block[i] = order ^ order >> 1;
    }
  }
  return seen;
}

uint8_t mk_encode_bases(uint8_t *bases, size_t count, const uint8_t *table) {
  uint8_t seen = 0;
  size_t whole = count - count % BLOCK;
  for (size_t start = 0; start < whole; start += BLOCK) seen |= encode_block(bases + start, BLOCK, table);
  if (whole < count) seen |= encode_block(bases + whole, count - whole, table);
  return seen;
}

void mk_decode_bases(uint8_t *bases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint8_t code = bases[i];
    uint8_t letter = code == 0 ? 'A' : 'N';
    letter = code == 1 ? 'C' : letter;
    letter = code == 2 ? 'G' : letter;
    bases[i] = code == 3 ? 'T' : letter;
  }
}
