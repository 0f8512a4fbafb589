#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

// In the child nothing needs to be given back: it ends with its work.

enum { depth_limit = 32, object_limit = 200000, rank_limit = 8 };
static const uint64_t attribute_limit = 1 << 26;

static int output;
static uint8_t buffer[1 << 16];
static size_t filled;
static uint64_t inline_left, objects;
static uint64_t file_size;

static void flush(void) {
  size_t sent = 0;
  while (sent < filled) {
    ssize_t n = write(output, buffer + sent, filled - sent);
    if (n <= 0) _exit(2);
    sent += (size_t)n;
  }
  filled = 0;
}

static void put(const void *bytes, size_t count) {
  const uint8_t *from = bytes;
  while (count) {
    if (filled == sizeof buffer) flush();
    size_t n = sizeof buffer - filled < count ? sizeof buffer - filled : count;
    memcpy(buffer + filled, from, n);
    filled += n, from += n, count -= n;
  }
}

static void put_tag(char tag) { put(&tag, 1); }

static void put_bytes(const char *text, size_t size) {
  uint32_t count = (uint32_t)size;
  put(&count, 4);
  put(text, count);
}

static void put_text(const char *text) { put_bytes(text, strlen(text)); }

static void fail(const char *reason) {
  put_tag('F');
  put_text(reason);
  flush();
  _exit(0);
}

static void unread(const char *name, const char *reason) {
  put_tag('X');
  put_text(name);
  put_text(reason);
}

// A type and a shape, as far as they are read.
struct array {
  int kind, rank;
  hsize_t dims[rank_limit];
  uint64_t count;
  hid_t type;
};

// Null, or why arrays of this type and shape are not read.
static const char *describe(hid_t type, hid_t space, struct array *array) {
  array->type = type;
  H5T_class_t class = h5.Tget_class(type);
  size_t size = h5.Tget_size(type);
  if (class == H5T_ENUM) {
    hid_t base = h5.Tget_super(type);
    class = h5.Tget_class(base);
    type = base;
  }
  if (class == H5T_INTEGER) {
    array->kind =
        size > 1 ? CHDF5_INT64 : h5.Tget_sign(type) == H5T_SGN_NONE ? CHDF5_UINT8 : CHDF5_INT8;
  } else if (class == H5T_FLOAT) {
    array->kind = size <= 4 ? CHDF5_FLOAT32 : CHDF5_FLOAT64;
  } else if (class == H5T_STRING) {
    array->kind = CHDF5_STRING;
  } else {
    return "is neither of numbers nor of strings";
  }
  if (size == 0 || size > 1 << 20) return "has elements of an impossible size";
  array->rank = h5.Sget_simple_extent_ndims(space);
  if (array->rank < 0 || array->rank > rank_limit) return "has too many dimensions";
  if (h5.Sget_simple_extent_type(space) == H5S_NULL) {
    array->rank = 1, array->dims[0] = 0, array->count = 0;
    return NULL;
  }
  if (h5.Sget_simple_extent_dims(space, array->dims, NULL) < 0) return "has no shape";
  array->count = 1;
  for (int i = 0; i < array->rank; i++) {
    if (__builtin_mul_overflow(array->count, (uint64_t)array->dims[i], &array->count) ||
        array->count > (uint64_t)1 << 40)
      return "has an impossible shape";
  }
  return NULL;
}

static uint64_t bytes_of(const struct array *array) {
  return array->count * (array->kind == CHDF5_STRING ? h5.Tget_size(array->type) : chdf5_size(array->kind));
}

static void put_header(const struct array *array, int has_values) {
  uint8_t head[2] = {(uint8_t)array->kind, (uint8_t)array->rank};
  put(head, 2);
  for (int i = 0; i < array->rank; i++) {
    uint64_t size = array->dims[i];
    put(&size, 8);
  }
  uint8_t flag = has_values != 0;
  put(&flag, 1);
}

// Values of an attribute, or of the selected part of a dataset; null when the library cannot.
static void *load(hid_t object, int is_attribute, const struct array *array, hid_t memory, hid_t space) {
  int is_string = array->kind == CHDF5_STRING;
  hid_t type = chdf5_memory_type(array->kind);
  size_t size = chdf5_size(array->kind);
  if (is_string) {
    type = h5.Tcopy(array->type);
    size = h5.Tis_variable_str(array->type) > 0 ? sizeof(char *) : h5.Tget_size(array->type);
  }
  void *values = calloc(array->count ? array->count : 1, size);
  if (!values) fail("needs more memory than a file of its size may");
  if (array->count == 0) return values;
  herr_t status =
      is_attribute ? h5.Aread(object, type, values) : h5.Dread(object, type, memory, space, H5P_DEFAULT, values);
  return status < 0 ? NULL : values;
}

static void put_values(const struct array *array, void *values) {
  if (array->kind != CHDF5_STRING) {
    put(values, array->count * chdf5_size(array->kind));
    return;
  }
  size_t size = h5.Tget_size(array->type);
  int padded = h5.Tget_strpad(array->type) == H5T_STR_SPACEPAD;
  for (uint64_t i = 0; i < array->count; i++) {
    if (h5.Tis_variable_str(array->type) > 0) {
      const char *text = ((char **)values)[i];
      put_text(text ? text : "");
    } else {
      const char *text = (char *)values + i * size;
      size_t count = strnlen(text, size);
      while (padded && count && text[count - 1] == ' ') count--;
      put_bytes(text, count);
    }
  }
}

static herr_t attribute(hid_t object, const char *name, const H5A_info_t *info, void *unused) {
  (void)info, (void)unused;
  struct array array;
  if (++objects > object_limit) fail("holds too many attributes");
  hid_t id = h5.Aopen(object, name, H5P_DEFAULT);
  const char *reason = id < 0 ? "cannot be opened" : describe(h5.Aget_type(id), h5.Aget_space(id), &array);
  if (!reason && bytes_of(&array) > attribute_limit) reason = "is too large";
  void *values = reason ? NULL : load(id, 1, &array, -1, -1);
  if (!values) {
    unread(name, reason ? reason : "is damaged");
  } else {
    put_tag('A');
    put_text(name);
    put_header(&array, 1);
    put_values(&array, values);
    free(values);
  }
  if (id >= 0) h5.Aclose(id);
  return 0;
}

static void attributes(hid_t object) {
  hsize_t place = 0;
  if (h5.Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &place, attribute, NULL) < 0)
    fail("has damaged attributes");
}

// Null, or why the values of a dataset are not read.
static const char *layout(hid_t id, const struct array *array) {
  hid_t plist = h5.Dget_create_plist(id);
  if (plist < 0) return "has no layout";
  if (h5.Pget_external_count(plist) != 0) return "keeps its values in other files";
  H5D_layout_t kind = h5.Pget_layout(plist);
  if (kind != H5D_COMPACT && kind != H5D_CONTIGUOUS && kind != H5D_CHUNKED) return "is a virtual dataset";
  int filters = h5.Pget_nfilters(plist);
  for (int i = 0; i < filters; i++) {
    size_t none = 0;
    H5Z_filter_t filter = h5.Pget_filter2(plist, (unsigned)i, NULL, &none, NULL, 0, NULL, NULL);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
      return "is compressed by another method than deflate";
  }
  // Deflate makes at most 1,032 bytes of one; unwritten values cost nothing and are believed up to a mebibyte.
  uint64_t stored = h5.Dget_storage_size(id), size = bytes_of(array);
  if (stored > file_size) return "claims more bytes than the file has";
  if (array->kind != CHDF5_STRING && size > (1 << 20) && size / 1100 > stored)
    return "claims more values than its bytes can hold";
  if (kind == H5D_CONTIGUOUS && array->kind != CHDF5_STRING && stored != 0 &&
      array->count > stored / h5.Tget_size(array->type))
    return "claims more values than it has";
  return NULL;
}

static void dataset(hid_t id, const char *name) {
  struct array array;
  const char *reason = describe(h5.Dget_type(id), h5.Dget_space(id), &array);
  if (!reason) reason = layout(id, &array);
  if (reason) {
    unread(name, reason);
    return;
  }
  uint64_t size = bytes_of(&array);
  void *values = NULL;
  if (size <= inline_left) {
    inline_left -= size;
    values = load(id, 0, &array, H5S_ALL, H5S_ALL);
    if (!values) {
      unread(name, "is damaged");
      return;
    }
  }
  put_tag('D');
  put_text(name);
  put_header(&array, values != NULL);
  if (values) put_values(&array, values);
  free(values);
  attributes(id);
  put_tag('E');
}

static void group(hid_t id, const char *name, int depth);

static herr_t member(hid_t parent, const char *name, const H5L_info_t *info, void *depth) {
  if (++objects > object_limit) fail("holds too many objects");
  if (info->type != H5L_TYPE_HARD) {
    unread(name, info->type == H5L_TYPE_SOFT ? "is a symbolic link" : "is a link to another file");
    return 0;
  }
  hid_t id = h5.Oopen(parent, name, H5P_DEFAULT);
  switch (id < 0 ? H5I_BADID : h5.Iget_type(id)) {
    case H5I_BADID: unread(name, "is damaged, or of a newer version of HDF5 than the library"); break;
    case H5I_GROUP: group(id, name, *(int *)depth + 1); break;
    case H5I_DATASET: dataset(id, name); break;
    default: unread(name, "is neither a group nor a dataset");
  }
  if (id >= 0) h5.Oclose(id);
  return 0;
}

static void group(hid_t id, const char *name, int depth) {
  if (depth > depth_limit) fail("has groups nested too deep");
  put_tag('G');
  put_text(name);
  attributes(id);
  hsize_t place = 0;
  if (h5.Literate(id, H5_INDEX_NAME, H5_ITER_INC, &place, member, &depth) < 0) fail("has a damaged group");
  put_tag('E');
}

static void rows(hid_t file, const struct chdf5_request *request) {
  struct array array;
  hid_t id = h5.Dopen2(file, request->dataset, H5P_DEFAULT);
  if (id < 0) fail("has no such dataset");
  hid_t space = h5.Dget_space(id);
  const char *reason = describe(h5.Dget_type(id), space, &array);
  if (!reason) reason = layout(id, &array);
  if (reason) fail(reason);
  hid_t memory = H5S_ALL, selection = H5S_ALL;
  if (array.rank > 0 && array.count > 0) {
    uint64_t rows = array.dims[0];
    if (request->first > rows || request->rows > rows - request->first) fail("has fewer rows");
    hsize_t start[rank_limit] = {request->first}, size[rank_limit];
    memcpy(size, array.dims, sizeof size);
    size[0] = request->rows;
    array.count = array.count / rows * request->rows;
    array.dims[0] = request->rows;
    if (array.count > 0) {
      if (h5.Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) < 0) fail("is damaged");
      selection = space;
      memory = h5.Screate_simple(array.rank, size, NULL);
    }
  }
  if (bytes_of(&array) > request->inline_limit) fail("is larger than the memory allowed for it");
  void *values = load(id, 0, &array, memory, selection);
  if (!values) fail("is damaged");
  put_tag('D');
  put_text("");
  put_header(&array, 1);
  put_values(&array, values);
  put_tag('E');
}

// As much memory beyond what the process has as the request may take; a crash leaves no trace.
static void confine(const struct chdf5_request *request) {
  int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGALRM, SIGXCPU, SIGPIPE};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  struct rlimit core = {0, 0};
  setrlimit(RLIMIT_CORE, &core);
#ifdef __linux__
  unsigned long pages = 0;
  FILE *status = fopen("/proc/self/statm", "r");
  if (status && fscanf(status, "%lu", &pages) == 1) {
    rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + ((rlim_t)256 << 20) +
                  2 * (request->dataset ? request->message_limit : request->inline_limit) + 2 * request->count;
    struct rlimit memory = {most, most};
    setrlimit(RLIMIT_AS, &memory);
  }
#endif
  uint64_t work = request->message_limit / (20 << 20);
  struct rlimit processor = {(rlim_t)(3 + work / 5), (rlim_t)(4 + work / 5)};
  setrlimit(RLIMIT_CPU, &processor);
  alarm((unsigned)(60 + 4 * work));
  // What malloc has to say of a damaged heap is nobody's business.
  if (!freopen("/dev/null", "w", stderr)) close(2);
}

void chdf5_child(const struct chdf5_request *request, int descriptor) {
  output = descriptor;
  confine(request);
  h5.Eset_auto2(H5E_DEFAULT, NULL, NULL);
  h5.PLset_loading_state(0);
  hid_t access = h5.Pcreate(h5.P_FILE_ACCESS);
  const char *path = request->path ? request->path : "memory";
  if (request->path) {
    struct stat status;
    file_size = stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
  } else {
    file_size = request->count;
    h5.Pset_fapl_core(access, 1 << 16, 0);
    if (h5.Pset_file_image(access, (void *)request->bytes, request->count) < 0) fail("does not fit into memory");
  }
  hid_t file = h5.Fopen(path, H5F_ACC_RDONLY, access);
  if (file < 0) fail("is not an HDF5 file, or a damaged one");
  if (request->dataset) {
    rows(file, request);
  } else {
    inline_left = request->inline_limit;
    hid_t root = h5.Gopen2(file, "/", H5P_DEFAULT);
    if (root < 0) fail("has no root group");
    group(root, "", 0);
  }
  put_tag('Z');
  flush();
  _exit(0);
}
