import CCairo

extension Figure {
  /// The figure as a PNG file in memory.
  ///
  /// Indexed where 256 colors are enough or where the figure has many cells, otherwise RGB; RGBA on a
  /// transparent background.
  /// - Parameters:
  ///   - dpi: pixels for each inch, stored as pHYs.
  ///   - background: `nil` leaves it transparent.
  public func png(dpi: Int = 300, provenance: Provenance = Provenance(), background: Color? = .white) throws
    -> [UInt8]
  {
    try picture(dpi: dpi, provenance: provenance, background: background)
      .encoded(hasManyCells && background != nil ? .indexed : .exact)
  }

  /// The figure's pixels.
  package func picture(
    dpi: Int, provenance: Provenance = Provenance(), background: Color? = .white
  ) throws -> PNGPicture {
    let scale = Double(dpi) / 72
    let (width, height) = ((size.width * scale).rounded(.up), (size.height * scale).rounded(.up))
    guard dpi > 0, width >= 1, height >= 1, width <= 32767, height <= 32767 else {
      let size = "\(Self.pixels(width)) × \(Self.pixels(height)) pixels"
      throw FigureError("at \(dpi) dpi the picture would be \(size); each side must be 1 to 32767")
    }
    let surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height))!
    defer { cairo_surface_destroy(surface) }
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else { throw FigureError(Canvas.reason(status)) }
    try render(on: surface, background: background, scale: scale)
    return PNGPicture(
      width: Int(width), height: Int(height),
      pixels: Self.straightPixels(of: surface, Int(width), Int(height)),
      dpi: dpi, texts: provenance.entries(title: title))
  }

  private static func pixels(_ side: Double) -> String {
    side.isFinite && side < 1e15 ? "\(Int(side))" : "\(side)"
  }

  /// Cairo's words (alpha, red, green, blue, colors multiplied by alpha) as straight bytes.
  private static func straightPixels(of surface: OpaquePointer, _ width: Int, _ height: Int) -> [UInt8] {
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard let data = cairo_image_surface_get_data(surface) else { return [] }
    return [UInt8](unsafeUninitializedCapacity: 4 * width * height) { bytes, count in
      var i = 0
      for y in 0..<height {
        let row = UnsafeRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
        for x in 0..<width {
          let word = row[x]
          let alpha = word >> 24
          var color = word
          if alpha < 255 {
            func straight(_ value: UInt32) -> UInt32 {
              alpha == 0 ? 0 : min(255, (value * 255 + alpha / 2) / alpha)
            }
            color =
              alpha << 24 | straight(word >> 16 & 255) << 16 | straight(word >> 8 & 255) << 8
              | straight(word & 255)
          }
          let ordered = (color << 8 | alpha).bigEndian
          UnsafeMutableRawPointer(bytes.baseAddress! + i).storeBytes(of: ordered, as: UInt32.self)
          i += 4
        }
      }
      count = i
    }
  }
}
