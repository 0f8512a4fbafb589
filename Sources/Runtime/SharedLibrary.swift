import Foundation

/// A library that is loaded when it is first needed, so that commands that do without it start without it.
public struct SharedLibrary: @unchecked Sendable {
  /// What `dlsym` takes.
  public let handle: UnsafeMutableRawPointer

  /// Where Homebrew keeps libraries, which macOS does not search by itself.
  private static let homebrew = "/opt/homebrew/lib/"

  /// Loads the first of `names` that is there; `title` and `package` say in an error what is missing.
  ///
  /// - Throws: `InputError` if none can be loaded.
  public init(title: String, package: String, names: [String]) throws {
    for name in names + names.map({ Self.homebrew + $0 }) {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        self.handle = handle
        return
      }
    }
    throw InputError("\(title) is needed here and cannot be loaded: install \(package)")
  }
}
