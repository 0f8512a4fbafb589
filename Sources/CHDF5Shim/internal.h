#ifndef CHDF5_INTERNAL_H
#define CHDF5_INTERNAL_H

#include <pthread.h>

#include "CHDF5Shim.h"
#include "library.h"

// Held while the library works in this process, so that no fork sees it half way.
extern pthread_mutex_t chdf5_lock;

// The type values of a kind have in memory.
static inline hid_t chdf5_memory_type(int kind) {
  switch (kind) {
    case CHDF5_INT8: return h5.T_NATIVE_INT8;
    case CHDF5_UINT8: return h5.T_NATIVE_UINT8;
    case CHDF5_INT64: return h5.T_NATIVE_INT64;
    case CHDF5_FLOAT32: return h5.T_NATIVE_FLOAT;
    case CHDF5_FLOAT64: return h5.T_NATIVE_DOUBLE;
    default: return -1;
  }
}

static inline size_t chdf5_size(int kind) {
  switch (kind) {
    case CHDF5_INT8:
    case CHDF5_UINT8: return 1;
    case CHDF5_FLOAT32: return 4;
    case CHDF5_INT64:
    case CHDF5_FLOAT64: return 8;
    default: return 1;
  }
}

// What the child process does: reads and writes the message to `descriptor`. Never returns.
void chdf5_child(const struct chdf5_request *request, int descriptor) __attribute__((noreturn));

#endif
