#ifndef CPNGSHIM_H
#define CPNGSHIM_H

#include <stddef.h>
#include <stdint.h>

// libpng reports an error by longjmp, which must not cross a Swift frame. Every libpng call
// of the package is therefore made in this file; what leaves it is a return value and a message.

/// One keyword and its text: Latin-1 (a tEXt chunk) or UTF-8 (an iTXt chunk).
typedef struct cpng_text {
  const char *_Nonnull key;
  const char *_Nonnull value;
  int is_utf8;
} cpng_text;

/// A picture in memory: rows from the top, one byte for each channel, no padding.
typedef struct cpng_picture {
  uint32_t width, height;
  /// 1: indices into the palette; 3: red, green, blue; 4: red, green, blue, alpha (not premultiplied).
  uint32_t channels;
  const uint8_t *_Nonnull pixels;
  /// 3 × palette_count bytes, where channels is 1.
  const uint8_t *_Nullable palette;
  uint32_t palette_count;
  /// Dots per inch, written as pHYs; 0 writes none.
  uint32_t dpi;
  const cpng_text *_Nullable texts;
  size_t text_count;
} cpng_picture;

/// Encodes a picture. Returns 0 and bytes to be freed with cpng_free, or -1 and a message.
int cpng_encode(const cpng_picture *_Nonnull picture, uint8_t *_Nullable *_Nonnull bytes,
                size_t *_Nonnull count, char *_Nonnull message, size_t message_size);

/// What cpng_decode found; everything in it is freed by cpng_free_decoded.
typedef struct cpng_decoded {
  uint32_t width, height;
  /// 4 × width × height bytes: red, green, blue, alpha, whatever the file held.
  uint8_t *_Nullable pixels;
  /// As the file has it: 1 when indexed, else 1 to 4.
  uint32_t file_channels;
  uint32_t palette_count;
  /// Pixels per metre, 0 where unknown.
  uint32_t pixels_per_metre;
  /// text_count keywords and texts, NUL-terminated.
  char *_Nullable *_Nullable keys;
  char *_Nullable *_Nullable values;
  int *_Nullable values_are_utf8;
  size_t text_count;
} cpng_decoded;

/// Decodes a PNG from memory. A header that asks for more than max_pixels, a chunk over 8 MB, or a
/// stream that ends early is an error, found before anything of that size is allocated.
int cpng_decode(const uint8_t *_Nonnull bytes, size_t count, uint64_t max_pixels,
                cpng_decoded *_Nonnull decoded, char *_Nonnull message, size_t message_size);

void cpng_free(void *_Nullable memory);
void cpng_free_decoded(cpng_decoded *_Nonnull decoded);

#endif
