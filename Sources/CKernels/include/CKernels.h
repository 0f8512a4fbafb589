#ifndef CKERNELS_H
#define CKERNELS_H
#include "activity_kernels.h"
#include "comparison_kernels.h"
#include "digest_kernels.h"
#include "network_kernels.h"
#include "nucleotide_kernels.h"
#include "optimizer_kernels.h"
#include "scan_kernels.h"
#include "similarity_kernels.h"
#endif
