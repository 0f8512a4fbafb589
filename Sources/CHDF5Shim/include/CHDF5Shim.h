#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#include <stddef.h>
#include <stdint.h>

// Reading happens in a child process and comes back as one message, which HDF5Message.swift takes apart:
//
//   'G' name            a group begins (the first one is the root, with an empty name)
//   'D' name array      a dataset; its attributes follow, then 'E'
//   'A' name array      an attribute of what was begun last
//   'X' name reason     a member or attribute that is not read, and why
//   'E'                 what was begun last ends
//   'Z'                 the message is whole
//   'F' reason          reading failed
//
// A text is a 32-bit length and UTF-8. An array is a byte for the kind, one for the rank, a 64-bit size a dimension, a
// byte that says whether values follow, and the values: numbers end to end, strings as texts. Integers are in the
// processor's order.

enum chdf5_kind {
  CHDF5_INT8 = 1,
  CHDF5_UINT8 = 2,
  CHDF5_INT64 = 3,
  CHDF5_FLOAT32 = 4,
  CHDF5_FLOAT64 = 5,
  CHDF5_STRING = 6,
};

// Takes the functions of the loaded library, before anything else is called: null, or what is wrong with it.
const char *chdf5_bind(void *library);

struct chdf5_request {
  // A file's path, or its bytes where path is null.
  const char *path;
  const uint8_t *bytes;
  size_t count;
  // The dataset whose rows [first, first + rows) are wanted, or null for the tree.
  const char *dataset;
  uint64_t first, rows;
  // The most bytes of a dataset's rows; of a tree, datasets up to this many bytes in all come with it.
  uint64_t inline_limit;
  // The most bytes of the message.
  uint64_t message_limit;
};

// Returns 0 with the message in *message (freed by chdf5_free), or -1 with a reason.
int chdf5_read(
    const struct chdf5_request *request, uint8_t **message, size_t *count, char *reason, size_t reason_size);

void chdf5_free(void *memory);

// A file in memory that is being written. One at a time: begin waits for the one before to end, on the same thread.
// Functions return 0, or -1 when the library refuses.
int chdf5_begin(void);
int chdf5_write_group(const char *path);
int chdf5_write_dataset(
    const char *path, int kind, int rank, const uint64_t *dims, const void *values, int deflate);
int chdf5_write_attribute(
    const char *path, const char *name, int kind, int rank, const uint64_t *dims, const void *values);
// Ends it; with `bytes`, hands out the file.
int chdf5_end(uint8_t **bytes, size_t *count);

#endif
