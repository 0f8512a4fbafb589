import CCairo

extension Figure {
  /// The figure as a PDF of one page of its size, with real text and vector shapes.
  public func pdf(provenance: Provenance = Provenance()) throws -> [UInt8] {
    try streamed(cairo_pdf_surface_create_for_stream) { surface in
      let known = provenance.entries(title: "").filter { $0.key != "Software" }
      let metadata: [(cairo_pdf_metadata_t, String)] = [
        (CAIRO_PDF_METADATA_TITLE, title),
        (CAIRO_PDF_METADATA_CREATOR, provenance.software),
        (CAIRO_PDF_METADATA_SUBJECT, known.map { "\($0.key): \($0.value)" }.joined(separator: "\n")),
        // Cairo would write the time of day.
        (CAIRO_PDF_METADATA_CREATE_DATE, provenance.date),
      ]
      for (key, value) in metadata where !value.isEmpty {
        cairo_pdf_surface_set_metadata(surface, key, value)
      }
    }
  }
}
