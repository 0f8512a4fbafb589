#include "nucleotide_kernels.h"

enum { BLOCK = 64 };

/// 1 if one of the letters is none of A C G T, in either case.
static uint8_t has_others(const uint8_t *letters, size_t count) {
  uint8_t others = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t letter = letters[i] | 0x20;
    others |= (letter != 'a') & (letter != 'c') & (letter != 'g') & (letter != 't');
  }
  return others;
}

uint8_t mk_encode_bases(uint8_t *bases, size_t count, const uint8_t *table) {
  uint8_t seen = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t length = count - start < BLOCK ? count - start : BLOCK;
    uint8_t *block = bases + start;
    if (has_others(block, length)) {
      for (size_t i = 0; i < length; i++) seen |= block[i] = table[block[i]];
    } else {
      // Bits 1 and 2 of A C T G count from 0 to 3.
      for (size_t i = 0; i < length; i++) {
        uint8_t order = block[i] >> 1 & 3;
        block[i] = order ^ order >> 1;
      }
      seen |= 3;
    }
  }
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
