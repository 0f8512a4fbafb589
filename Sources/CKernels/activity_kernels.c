#include "activity_kernels.h"
#include <string.h>

// Every table gives the same bits: a fused multiply-add would round differently from the portable code.
#pragma clang fp contract(off)

#define CK_FAMILY activity
#define CK_BODY "activity.inc"
#include "instruction_sets.h"
