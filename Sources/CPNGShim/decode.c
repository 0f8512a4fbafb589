#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CPNGShim.h"
#include "failure.h"

struct input {
  const uint8_t *bytes;
  size_t left;
};

static void take(png_structp png, png_bytep data, size_t count) {
  struct input *input = png_get_io_ptr(png);
  if (count > input->left) png_error(png, "the picture ends early");
  memcpy(data, input->bytes, count);
  input->bytes += count;
  input->left -= count;
}

static char *copy_text(png_structp png, const char *text) {
  char *copy = strdup(text ? text : "");
  if (!copy) png_error(png, "out of memory");
  return copy;
}

static void decode_texts(png_structp png, png_infop info, cpng_decoded *decoded) {
  png_textp texts = NULL;
  int count = 0;
  png_get_text(png, info, &texts, &count);
  if (count <= 0) return;
  decoded->keys = calloc((size_t)count, sizeof(char *));
  decoded->values = calloc((size_t)count, sizeof(char *));
  decoded->values_are_utf8 = calloc((size_t)count, sizeof(int));
  if (!decoded->keys || !decoded->values || !decoded->values_are_utf8) png_error(png, "out of memory");
  decoded->text_count = (size_t)count;
  for (int i = 0; i < count; i++) {
    decoded->keys[i] = copy_text(png, texts[i].key);
    decoded->values[i] = copy_text(png, texts[i].text);
    decoded->values_are_utf8[i] = texts[i].compression >= PNG_ITXT_COMPRESSION_NONE;
  }
}

// Everything that may jump; what it allocates hangs on `decoded`, which its caller frees.
static void decode(png_structp png, png_infop info, uint64_t max_pixels, cpng_decoded *decoded) {
  png_read_info(png, info);
  uint32_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
  if ((uint64_t)width * height > max_pixels) png_error(png, "the picture has too many pixels");
  decoded->width = width;
  decoded->height = height;
  decoded->file_channels = png_get_channels(png, info);
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) {
    png_colorp palette;
    int colors = 0;
    png_get_PLTE(png, info, &palette, &colors);
    decoded->palette_count = (uint32_t)colors;
  }
  decoded->pixels_per_metre = png_get_pixels_per_meter(png, info);

  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = (size_t)width * 4;
  if (png_get_rowbytes(png, info) != stride) png_error(png, "the rows have an unexpected length");
  decoded->pixels = calloc(height, stride);
  if (!decoded->pixels) png_error(png, "out of memory");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t y = 0; y < height; y++) png_read_row(png, decoded->pixels + y * stride, NULL);
  png_read_end(png, info);
  decode_texts(png, info, decoded);
}

int cpng_decode(const uint8_t *bytes, size_t count, uint64_t max_pixels, cpng_decoded *decoded,
                char *message, size_t message_size) {
  struct failure failure = {message, message_size};
  struct input input = {bytes, count};
  memset(decoded, 0, sizeof *decoded);
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure, cpng_fail, cpng_ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(message, message_size, "out of memory");
    return -1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    cpng_free_decoded(decoded);
    return -1;
  }
  png_set_chunk_malloc_max(png, 8 << 20);
  png_set_chunk_cache_max(png, 128);
  png_set_read_fn(png, &input, take);
  decode(png, info, max_pixels, decoded);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

void cpng_free_decoded(cpng_decoded *decoded) {
  for (size_t i = 0; i < decoded->text_count; i++) {
    if (decoded->keys) free(decoded->keys[i]);
    if (decoded->values) free(decoded->values[i]);
  }
  free(decoded->keys);
  free(decoded->values);
  free(decoded->values_are_utf8);
  free(decoded->pixels);
  memset(decoded, 0, sizeof *decoded);
}
