#include "network_kernels.h"
