#include <stdlib.h>

#include "internal.h"

static hid_t file = -1;

int chdf5_begin(void) {
  pthread_mutex_lock(&chdf5_lock);
  h5.Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hid_t access = h5.Pcreate(h5.P_FILE_ACCESS);
  h5.Pset_fapl_core(access, 1 << 20, 0);
  file = h5.Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  h5.Pclose(access);
  if (file >= 0) return 0;
  pthread_mutex_unlock(&chdf5_lock);
  return -1;
}

int chdf5_write_group(const char *path) {
  hid_t plist = h5.Pcreate(h5.P_GROUP_CREATE);
  h5.Pset_obj_track_times(plist, 0);
  hid_t group = h5.Gcreate2(file, path, H5P_DEFAULT, plist, H5P_DEFAULT);
  h5.Pclose(plist);
  if (group < 0) return -1;
  h5.Gclose(group);
  return 0;
}

static hid_t stored_type(int kind) {
  switch (kind) {
    case CHDF5_INT8: return h5.Tcopy(h5.T_STD_I8LE);
    case CHDF5_UINT8: return h5.Tcopy(h5.T_STD_U8LE);
    case CHDF5_INT64: return h5.Tcopy(h5.T_STD_I64LE);
    case CHDF5_FLOAT32: return h5.Tcopy(h5.T_IEEE_F32LE);
    case CHDF5_FLOAT64: return h5.Tcopy(h5.T_IEEE_F64LE);
    default: {
      hid_t type = h5.Tcopy(h5.T_C_S1);
      h5.Tset_size(type, H5T_VARIABLE);
      h5.Tset_cset(type, H5T_CSET_UTF8);
      return type;
    }
  }
}

static hid_t memory_type(int kind, hid_t stored) { return kind == CHDF5_STRING ? stored : chdf5_memory_type(kind); }

static hid_t extent(int rank, const uint64_t *dims) {
  hsize_t sizes[32];
  for (int i = 0; i < rank && i < 32; i++) sizes[i] = dims[i];
  return rank == 0 ? h5.Screate(H5S_SCALAR) : h5.Screate_simple(rank, sizes, NULL);
}

// Rows in chunks of about a mebibyte, so that readers can take a part. Deflate's quickest level: digits of attributions
// hardly shrink, whatever time is spent on them.
static int compress(hid_t plist, int kind, int rank, const uint64_t *dims) {
  hsize_t chunk[32];
  uint64_t row = chdf5_size(kind);
  for (int i = 1; i < rank; i++) row *= chunk[i] = dims[i];
  uint64_t rows = row < (1 << 20) ? (1 << 20) / row : 1;
  chunk[0] = rows < dims[0] ? rows : dims[0];
  return row > UINT32_MAX || h5.Pset_chunk(plist, rank, chunk) < 0 || h5.Pset_shuffle(plist) < 0 ||
                 h5.Pset_deflate(plist, 1) < 0
             ? -1
             : 0;
}

int chdf5_write_dataset(
    const char *path, int kind, int rank, const uint64_t *dims, const void *values, int deflate) {
  uint64_t count = 1;
  for (int i = 0; i < rank; i++) count *= dims[i];
  hid_t type = stored_type(kind), space = extent(rank, dims), plist = h5.Pcreate(h5.P_DATASET_CREATE);
  h5.Pset_obj_track_times(plist, 0);
  int status = 0;
  if (deflate && rank > 0 && count > 0 && kind != CHDF5_STRING) status = compress(plist, kind, rank, dims);
  hid_t id = status < 0 ? -1 : h5.Dcreate2(file, path, type, space, H5P_DEFAULT, plist, H5P_DEFAULT);
  if (id < 0) status = -1;
  if (id >= 0 && count > 0) status = h5.Dwrite(id, memory_type(kind, type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  if (id >= 0) h5.Dclose(id);
  h5.Pclose(plist);
  h5.Sclose(space);
  h5.Tclose(type);
  return status < 0 ? -1 : 0;
}

int chdf5_write_attribute(
    const char *path, const char *name, int kind, int rank, const uint64_t *dims, const void *values) {
  hid_t object = h5.Oopen(file, path, H5P_DEFAULT);
  if (object < 0) return -1;
  hid_t type = stored_type(kind), space = extent(rank, dims);
  hid_t id = h5.Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int status = id < 0 ? -1 : 0;
  if (id >= 0 && h5.Sget_simple_extent_npoints(space) > 0) status = h5.Awrite(id, memory_type(kind, type), values);
  if (id >= 0) h5.Aclose(id);
  h5.Sclose(space);
  h5.Tclose(type);
  h5.Oclose(object);
  return status < 0 ? -1 : 0;
}

int chdf5_end(uint8_t **bytes, size_t *count) {
  int status = 0;
  if (bytes) {
    h5.Fflush(file, H5F_SCOPE_GLOBAL);
    ssize_t size = h5.Fget_file_image(file, NULL, 0);
    *bytes = size > 0 ? malloc((size_t)size) : NULL;
    *count = size > 0 ? (size_t)size : 0;
    status = *bytes && h5.Fget_file_image(file, *bytes, *count) == size ? 0 : -1;
    if (status < 0) free(*bytes);
  }
  h5.Fclose(file);
  file = -1;
  pthread_mutex_unlock(&chdf5_lock);
  return status;
}
