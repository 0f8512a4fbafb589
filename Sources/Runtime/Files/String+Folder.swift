extension String {
  /// The folder that a path lies in: `a` of `a/b`, `/` of `/a`, empty for a bare name and for `/`.
  ///
  /// Foundation's `deletingLastPathComponent` crashes on Linux for names of one letter.
  package var folder: String {
    var path = self[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard path != "/", let slash = path.lastIndex(of: "/") else { return "" }
    var folder = path[..<slash]
    while folder.last == "/" { folder.removeLast() }
    return folder.isEmpty ? "/" : String(folder)
  }
}

extension String {
  /// The last part of a path.
  package var fileName: String { split(separator: "/").last.map(String.init) ?? self }
  /// The last part of a path up to its first dot.
  package var baseName: String { String(fileName.prefix { $0 != "." }) }
}
