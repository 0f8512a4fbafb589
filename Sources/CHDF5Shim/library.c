#include "library.h"

#include <dlfcn.h>

#include "CHDF5Shim.h"

struct chdf5_library h5;

// The name of a function as the header's version of it has it: H5Literate may stand for H5Literate2.
#define TEXT(name) #name
#define SYMBOL(name) TEXT(name)

const char *chdf5_bind(void *library) {
  unsigned major = 0, minor = 0, release = 0;
  __typeof__(H5get_libversion) *version = (__typeof__(version))dlsym(library, "H5get_libversion");
  if (!version || version(&major, &minor, &release) < 0 || major != H5_VERS_MAJOR || minor != H5_VERS_MINOR)
    return "is of another version than the one MotifKit was built with";
  __typeof__(H5open) *start = (__typeof__(start))dlsym(library, "H5open");
  if (!start || start() < 0) return "does not start";
#define X(name) \
  if (!(h5.name = (__typeof__(h5.name))dlsym(library, SYMBOL(H5##name)))) return "lacks " SYMBOL(H5##name);
  CHDF5_FUNCTIONS(X)
#undef X
#define X(name, symbol) \
  const hid_t *name = dlsym(library, #symbol); \
  if (!name) return "lacks " #symbol; \
  h5.name = *name;
  CHDF5_IDENTIFIERS(X)
#undef X
  return NULL;
}
