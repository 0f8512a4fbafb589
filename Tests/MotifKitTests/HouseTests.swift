import Foundation
import Testing

/// The rooms of the house as docs/architecture.md draws it, as Package.swift builds it, and as the source files use it.
@Suite struct HouseTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Words between two marks, all of them in order.
  private static func words(in text: some StringProtocol, between mark: Character) -> [String] {
    text.split(separator: mark, omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// The targets of Package.swift and what each depends on, products of other packages apart.
  private static func package() throws -> [String: Set<String>] {
    let manifest = try text("Package.swift")
    let list = try #require(manifest.firstRange(of: "let libraries: [Target.Dependency] = ["))
    let libraries = words(in: manifest[list.upperBound...].prefix { $0 != "]" }, between: "\"")
    var result: [String: Set<String>] = [:]
    let start = try #require(manifest.firstRange(of: "\n  targets: ["))
    let targets = manifest[start.upperBound...].split(
      separator: /\.(target|executableTarget|systemLibrary)\(/)
    for target in targets.dropFirst() {
      let body = target.split(separator: ".testTarget(").first ?? target
      guard let name = words(in: body, between: "\"").first, name != "TestSupport" else { continue }
      var depends: Set<String> = []
      if let begin = body.firstRange(of: "dependencies:") {
        let rest = body[begin.upperBound...]
        let end = rest.firstRange(of: /\](?! *\+)|, swiftSettings/)?.lowerBound ?? rest.endIndex
        let part = rest[..<end].replacing(/\.product\([^)]*\)/, with: "")
        depends = Set(words(in: part, between: "\""))
        if part.contains("libraries") { depends.formUnion(libraries) }
      }
      result[name] = depends
    }
    return result
  }

  /// The table of docs/architecture.md: what each target may import.
  private static func document(_ targets: [String: Set<String>]) throws -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for line in try text("docs/architecture.md").split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3 else { continue }
      for name in words(in: cells[0], between: "`") where targets[name] != nil {
        result[name] =
          cells[2] == "all"
          ? Set(targets.keys).subtracting([name]) : Set(words(in: cells[2], between: "`"))
      }
    }
    return result
  }

  @Test func theDocumentSaysWhatThePackageBuilds() throws {
    let package = try Self.package()
    let document = try Self.document(package)
    #expect(package.count > 20)
    for (name, depends) in package {
      let allowed = try #require(document[name], "\(name) has no row in docs/architecture.md")
      if name.hasPrefix("MotifKit") {
        #expect(depends.isSubset(of: allowed), "\(name)")
      } else {
        #expect(depends == allowed, "\(name)")
      }
    }
  }

  @Test func sourceFilesImportWhatTheirTargetMay() throws {
    let package = try Self.package()
    let document = try Self.document(package)
    var files = 0
    for (name, allowed) in document {
      let folder = Self.root.appendingPathComponent("Sources/\(name)")
      let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      for case let url as URL in try #require(paths) where url.pathExtension == "swift" {
        files += 1
        let source = try String(contentsOf: url, encoding: .utf8)
        for match in source.matches(of: /(?m)^(?:@_exported |internal )?import (?:\w+ )?(\w+)/) {
          let module = String(match.1)
          #expect(
            package[module] == nil || allowed.contains(module), "\(name)/\(url.lastPathComponent): \(module)")
        }
      }
    }
    #expect(files > 300)
  }

  @Test func nothingLeadsBack() throws {
    let package = try Self.package()
    for start in package.keys {
      var seen: Set<String> = []
      var open = [start]
      while let name = open.popLast() {
        for next in package[name] ?? [] where seen.insert(next).inserted { open.append(next) }
      }
      #expect(!seen.contains(start), "\(start)")
    }
  }
}
