import Runtime

/// An array and its name in a file.
public struct NamedArray<Content> {
  public var name: String
  public var array: Content

  public init(_ name: String, _ array: Content) { (self.name, self.array) = (name, array) }
}

extension NamedArray: Sendable where Content: Sendable {}

/// Named arrays in one file, as `numpy.savez` writes them: a zip archive of NPY files.
public enum NPZFile {
  /// Writes the arrays in the order given, stored; the same arrays give the same bytes.
  ///
  /// - Throws: `InputError` if the file cannot be written, or the arrays are four gibibytes or more.
  public static func write(_ arrays: [NamedArray<TypedArray>], to path: String) throws {
    try ZipWriter.write(arrays.map { ($0.name + ".npy", NPYContent(array: $0.array)) }, to: path)
  }

  /// Writes arrays that are made one after the other, in the order given.
  ///
  /// - Throws: as above, and what making an array throws.
  public static func write(_ arrays: [NamedArray<StreamedArray>], to path: String) throws {
    try ZipWriter.write(arrays.map { ($0.name + ".npy", $0.array) }, to: path)
  }

  /// The arrays of a file, by name; stored or deflated (`numpy.savez_compressed`). Entries that are no arrays of numbers or
  /// strings are left out.
  ///
  /// - Parameters:
  ///   - names: The first of these that the file has is read alone; all are read where it has none of them.
  ///   - limit: the most bytes the arrays may take together.
  /// - Throws: `InputError` that names the file: damaged, too large, of a type that is not read.
  public static func read(path: String, firstOf names: [String] = [], limit: Int = 4 << 30) throws
    -> [String: TypedArray]
  {
    try read(WholeFile.bytes(path, limit: limit), file: path, firstOf: names, limit: limit)
  }

  /// The arrays of a file whose bytes are at hand; `file` is its name in messages.
  public static func read(
    _ bytes: [UInt8], file: String, firstOf names: [String] = [], limit: Int = 4 << 30
  ) throws -> [String: TypedArray] {
    if bytes.starts(with: NPYFormat.signature) { return ["arr_0": try NPYFormat.array(bytes, file: file)] }
    let archive = try ZipArchive(bytes, file: file)
    var entries = archive.entries.filter { $0.name.hasSuffix(".npy") }
    let wanted = names.lazy.map { $0 + ".npy" }.compactMap { name in entries.last { $0.name == name } }.first
    if let wanted { entries = [wanted] }
    var left = limit
    var arrays: [String: TypedArray] = [:]
    for entry in entries {
      let content = try archive.content(entry, limit: left)
      left -= content.count
      arrays[String(entry.name.dropLast(4))] = try NPYFormat.array(content, file: "\(file): \(entry.name)")
    }
    return arrays
  }
}
