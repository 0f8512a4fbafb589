import CBigWig
import Foundation
import Runtime

extension SignalTrack {
  /// Writes bigWig where the name ends in `.bw` or `.bigWig`, and bedGraph otherwise.
  ///
  /// - Throws: `InputError` if there is nothing to write or the file cannot be written.
  public func write(to path: String) throws {
    let name = path.lowercased()
    if name.hasSuffix(".bw") || name.hasSuffix(".bigwig") {
      try writeBigWig(to: path)
    } else {
      try writeBedGraph(to: path)
    }
  }

  /// Writes bedGraph: chromosome, start, end and value a line.
  public func writeBedGraph(to path: String) throws {
    try AtomicFile.write(path: path) { file in
      try forEachChromosome { chromosome, spans in
        for span in spans {
          try file.write(
            "\(chromosome.name)\t\(span.range.lowerBound)\t\(span.range.upperBound)\t\(span.value)\n")
        }
      }
    }
  }

  /// Writes bigWig with its zoom levels, through libBigWig.
  public func writeBigWig(to path: String) throws {
    // The library cannot close a file without values.
    guard !isEmpty else { throw InputError(file: path, "would hold no value") }
    let library = try Self.library.get()
    try AtomicFile.replace(path: path) { try write(with: library, $0, for: path) }
  }

  private static let library = Result {
    let loaded = try SharedLibrary(
      title: "libBigWig", package: "libbigwig-dev (Debian) or libbigwig (Homebrew)",
      names: ["libBigWig.so.0", "libBigWig.so", "libBigWig.dylib"])
    var functions = bigwig_library()
    guard bigwig_bind(loaded.handle, &functions) == 0 else {
      throw InputError("libBigWig lacks functions: version 0.4 or later is needed")
    }
    return functions
  }

  private func write(with library: bigwig_library, _ temporary: String, for path: String) throws {
    guard let file = library.open(temporary, nil, "w") else { throw Self.cannotWrite(path) }
    var isWritten = library.create_header(file, 10) == 0
    let names = chromosomes.map { strdup($0.name) }
    defer { names.forEach { free($0) } }
    let lengths = chromosomes.map { UInt32(clamping: $0.length) }
    let pointers = names.map { UnsafePointer<CChar>($0) }
    file.pointee.cl = pointers.withUnsafeBufferPointer { pointers in
      library.create_chromosomes(pointers.baseAddress, lengths, Int64(lengths.count))
    }
    isWritten = isWritten && file.pointee.cl != nil && library.write_header(file) == 0
    forEachChromosome { chromosome, spans in
      guard isWritten, let first = spans.first else { return }
      // The first call names the chromosome, the others go on with it.
      isWritten = chromosome.name.withCString { name in
        var pointer: UnsafePointer<CChar>? = name
        var (start, end, value) = (
          UInt32(first.range.lowerBound), UInt32(first.range.upperBound), first.value
        )
        return library.add_intervals(file, &pointer, &start, &end, &value, 1) == 0
      }
      guard isWritten, spans.count > 1 else { return }
      let rest = spans.dropFirst()
      let starts = rest.map { UInt32($0.range.lowerBound) }
      let ends = rest.map { UInt32($0.range.upperBound) }
      let values = rest.map(\.value)
      isWritten = library.append_intervals(file, starts, ends, values, UInt32(rest.count)) == 0
    }
    library.close(file)
    // Closing writes the index, and says nothing if it fails.
    guard isWritten, (try? BigWig(path: temporary)) != nil else { throw Self.cannotWrite(path) }
  }

  private static func cannotWrite(_ path: String) -> InputError {
    InputError(file: path, "cannot be written: \(systemMessage())")
  }
}
