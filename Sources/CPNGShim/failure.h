#ifndef FAILURE_H
#define FAILURE_H

#include <png.h>
#include <stddef.h>

// Where libpng's error callback leaves its message before it jumps back.
struct failure {
  char *message;
  size_t size;
};

void cpng_fail(png_structp png, png_const_charp reason);
void cpng_ignore_warning(png_structp png, png_const_charp reason);

#endif
