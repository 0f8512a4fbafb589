#include "nucleotide_kernels.h"

enum { CK_LETTERS = 64 };

#define CK_FAMILY nucleotide
#define CK_BODY "nucleotide.inc"
#include "instruction_sets.h"
