#ifndef SCAN_KERNELS_H
#define SCAN_KERNELS_H
#include <stdint.h>
#endif
