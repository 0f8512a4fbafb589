import Runtime

extension MotifFile {
  /// Reads several motif files as one: the motifs of all in order, the background and strands of the first, its format.
  ///
  /// A file of no motif, such as an archive's member without a matrix, is passed over with a warning unless all are.
  /// - Throws: As `read(path:)`; `InputError` if no file holds a motif.
  public static func collect(_ paths: [String]) throws -> MotifFile {
    guard paths.count > 1 else { return try named(paths[0]) }
    var result: MotifFile?
    for path in paths {
      let file =
        path == "foxo1" ? try named(path) : try parse(bytes(path: path), file: path, mayBeEmpty: true)
      for warning in file.warnings { try InputWarning.emit(file: path, warning) }
      guard !file.motifs.isEmpty else { continue }
      if result == nil { result = file } else { result?.motifs += file.motifs }
    }
    guard let result else { throw InputError("none of the \(paths.count) files holds a motif") }
    return result
  }
}
