#ifndef CHDF5_LIBRARY_H
#define CHDF5_LIBRARY_H

// Where Debian, others and Homebrew keep the header.
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#elif __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include "/opt/homebrew/include/hdf5.h"
#endif

// Constants such as H5F_ACC_RDONLY start the library on the way; chdf5_bind has started it.
#undef H5CHECK
#define H5CHECK
#undef H5OPEN
#define H5OPEN

// What is used of libhdf5. The library is loaded with the first file: it brings thirty others, which would take
// longer to load than most commands take to run.
#define CHDF5_FUNCTIONS(X) \
  X(Aclose) X(Acreate2) X(Aget_space) X(Aget_type) X(Aiterate2) X(Aopen) X(Aread) X(Awrite) X(Dclose) \
  X(Dcreate2) X(Dget_create_plist) X(Dget_space) X(Dget_storage_size) X(Dget_type) X(Dopen2) X(Dread) X(Dwrite) \
  X(Eset_auto2) X(Fclose) X(Fcreate) X(Fflush) X(Fget_file_image) X(Fopen) X(Gclose) X(Gcreate2) X(Gopen2) \
  X(Iget_type) X(Literate) X(Oclose) X(Oopen) X(PLset_loading_state) X(Pclose) X(Pcreate) \
  X(Pget_external_count) X(Pget_filter2) X(Pget_layout) X(Pget_nfilters) X(Pset_chunk) X(Pset_deflate) \
  X(Pset_fapl_core) X(Pset_file_image) X(Pset_obj_track_times) X(Pset_shuffle) X(Sclose) X(Screate) \
  X(Screate_simple) X(Sget_simple_extent_dims) X(Sget_simple_extent_ndims) X(Sget_simple_extent_npoints) \
  X(Sget_simple_extent_type) X(Sselect_hyperslab) X(Tclose) X(Tcopy) X(Tget_class) X(Tget_sign) X(Tget_size) \
  X(Tget_strpad) X(Tget_super) X(Tis_variable_str) X(Tset_cset) X(Tset_size)

// Identifiers that the library makes when it starts.
#define CHDF5_IDENTIFIERS(X) \
  X(P_FILE_ACCESS, H5P_CLS_FILE_ACCESS_ID_g) X(P_GROUP_CREATE, H5P_CLS_GROUP_CREATE_ID_g) \
  X(P_DATASET_CREATE, H5P_CLS_DATASET_CREATE_ID_g) X(T_C_S1, H5T_C_S1_g) X(T_STD_I8LE, H5T_STD_I8LE_g) \
  X(T_STD_U8LE, H5T_STD_U8LE_g) X(T_STD_I64LE, H5T_STD_I64LE_g) X(T_IEEE_F32LE, H5T_IEEE_F32LE_g) \
  X(T_IEEE_F64LE, H5T_IEEE_F64LE_g) X(T_NATIVE_INT8, H5T_NATIVE_INT8_g) X(T_NATIVE_UINT8, H5T_NATIVE_UINT8_g) \
  X(T_NATIVE_INT64, H5T_NATIVE_INT64_g) X(T_NATIVE_FLOAT, H5T_NATIVE_FLOAT_g) \
  X(T_NATIVE_DOUBLE, H5T_NATIVE_DOUBLE_g)

struct chdf5_library {
#define X(name) __typeof__(H5##name) *name;
  CHDF5_FUNCTIONS(X)
#undef X
#define X(name, symbol) hid_t name;
  CHDF5_IDENTIFIERS(X)
#undef X
};

extern struct chdf5_library h5;

#endif
