#include "similarity_kernels.h"

// Every table gives the same bits: a fused multiply-add would round differently from the portable code.
#pragma clang fp contract(off)

#define CK_FAMILY similarity
#define CK_BODY "similarity.inc"
#include "instruction_sets.h"
