#include "CPNGShim.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"

void cpng_fail(png_structp png, png_const_charp reason) {
  struct failure *failure = png_get_error_ptr(png);
  snprintf(failure->message, failure->size, "%s", reason);
  png_longjmp(png, 1);
}

void cpng_ignore_warning(png_structp png, png_const_charp reason) {
  (void)png;
  (void)reason;
}

void cpng_free(void *memory) { free(memory); }

// The encoded bytes as they grow.
struct output {
  uint8_t *bytes;
  size_t count, capacity;
};

static void append(png_structp png, png_bytep data, size_t count) {
  struct output *output = png_get_io_ptr(png);
  if (count > output->capacity - output->count) {
    size_t capacity = output->capacity ? output->capacity : 1 << 16;
    while (capacity - output->count < count) capacity *= 2;
    uint8_t *bytes = realloc(output->bytes, capacity);
    if (!bytes) png_error(png, "out of memory");
    output->bytes = bytes;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, data, count);
  output->count += count;
}

static void flush(png_structp png) { (void)png; }

static int bits_for(uint32_t colors) { return colors <= 2 ? 1 : colors <= 4 ? 2 : colors <= 16 ? 4 : 8; }

// Everything that may jump; its caller holds what must be freed.
static void encode(png_structp png, png_infop info, const cpng_picture *picture) {
  int indexed = picture->channels == 1;
  int type = indexed                ? PNG_COLOR_TYPE_PALETTE
             : picture->channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA
                                      : PNG_COLOR_TYPE_RGB;
  if (indexed && (picture->palette_count < 1 || picture->palette_count > 256))
    png_error(png, "a palette has 1 to 256 colors");
  png_set_IHDR(png, info, picture->width, picture->height, indexed ? bits_for(picture->palette_count) : 8,
               type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (indexed) {
    png_color palette[256];
    for (uint32_t i = 0; i < picture->palette_count; i++) {
      const uint8_t *color = picture->palette + 3 * i;
      palette[i] = (png_color){color[0], color[1], color[2]};
    }
    png_set_PLTE(png, info, palette, (int)picture->palette_count);
  }
  if (picture->dpi) {
    png_uint_32 per_metre = (png_uint_32)(picture->dpi / 0.0254 + 0.5);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
  }
  for (size_t i = 0; i < picture->text_count; i++) {
    const cpng_text *given = picture->texts + i;
    png_text text = {
        .compression = given->is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE,
        .key = (png_charp)given->key,
        .text = (png_charp)given->value,
    };
    png_set_text(png, info, &text, 1);
  }
  // Drawings are plain areas and lines: unfiltered rows pack best, and more effort than this gains a tenth for three times the time.
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_compression_level(png, 3);
  png_write_info(png, info);
  if (indexed) png_set_packing(png);
  for (uint32_t y = 0; y < picture->height; y++)
    png_write_row(png, picture->pixels + (size_t)y * picture->width * picture->channels);
  png_write_end(png, NULL);
}

// Holds no variable that changes between setjmp and the jump.
static int encode_or_fail(const cpng_picture *picture, struct output *output, struct failure *failure) {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, failure, cpng_fail, cpng_ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    snprintf(failure->message, failure->size, "out of memory");
    return -1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return -1;
  }
  png_set_write_fn(png, output, append, flush);
  encode(png, info, picture);
  png_destroy_write_struct(&png, &info);
  return 0;
}

int cpng_encode(const cpng_picture *picture, uint8_t **bytes, size_t *count, char *message,
                size_t message_size) {
  struct failure failure = {message, message_size};
  struct output output = {0};
  if (encode_or_fail(picture, &output, &failure)) {
    free(output.bytes);
    return -1;
  }
  *bytes = output.bytes;
  *count = output.count;
  return 0;
}
