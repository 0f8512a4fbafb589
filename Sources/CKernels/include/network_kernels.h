#ifndef NETWORK_KERNELS_H
#define NETWORK_KERNELS_H
#include <stdint.h>
#endif
