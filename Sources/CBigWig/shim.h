// Files only: without this the header asks for curl's.
#define NOCURL
#include <bigWig.h>
#include <dlfcn.h>

// What is used of libBigWig. It brings curl and thirty libraries more, so it is loaded when a file is written.
struct bigwig_library {
  __typeof__(bwOpen) *open;
  __typeof__(bwCreateHdr) *create_header;
  __typeof__(bwCreateChromList) *create_chromosomes;
  __typeof__(bwWriteHdr) *write_header;
  __typeof__(bwAddIntervals) *add_intervals;
  __typeof__(bwAppendIntervals) *append_intervals;
  __typeof__(bwClose) *close;
};

// Returns 0, or -1 if the library lacks a function.
static inline int bigwig_bind(void *handle, struct bigwig_library *library) {
  library->open = (__typeof__(bwOpen) *)dlsym(handle, "bwOpen");
  library->create_header = (__typeof__(bwCreateHdr) *)dlsym(handle, "bwCreateHdr");
  library->create_chromosomes = (__typeof__(bwCreateChromList) *)dlsym(handle, "bwCreateChromList");
  library->write_header = (__typeof__(bwWriteHdr) *)dlsym(handle, "bwWriteHdr");
  library->add_intervals = (__typeof__(bwAddIntervals) *)dlsym(handle, "bwAddIntervals");
  library->append_intervals = (__typeof__(bwAppendIntervals) *)dlsym(handle, "bwAppendIntervals");
  library->close = (__typeof__(bwClose) *)dlsym(handle, "bwClose");
  return library->open && library->create_header && library->create_chromosomes && library->write_header &&
                 library->add_intervals && library->append_intervals && library->close
             ? 0
             : -1;
}
