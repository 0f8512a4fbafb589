import Foundation

/// Files and folders that are being written under a temporary name, so that an interrupted program can remove them.
public enum TemporaryPaths {
  private static let paths = Locked<Set<String>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }
  static func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Deletes all that is being written. For a program that is about to end.
  public static func deleteAll() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}
