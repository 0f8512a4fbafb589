import Foundation

/// Files and folders that are being written under a temporary name, so that an interrupted program can remove them, and the
/// next one what a killed program left.
public enum TemporaryPaths {
  private static let paths = Locked<Set<String>>([])
  private static let swept = Locked<Set<String>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }
  static func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Deletes all that is being written. For a program that is about to end.
  public static func deleteAll() {
    for path in paths.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A name that says which machine and process uses it: `.motifkit-MACHINE-PROCESS-RANDOM.tmp`.
  ///
  /// The first name asked for in a folder sweeps it: what ended processes of this machine left there is deleted.
  static func name(in folder: String) -> String {
    if swept.withLock({ $0.insert(folder).inserted }) { sweep(folder) }
    let random = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    return (folder.isEmpty ? "" : folder + "/") + "\(prefix)\(getpid())-\(random).tmp"
  }

  private static func sweep(_ folder: String) {
    let files = FileManager.default
    for entry in (try? files.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    where entry.hasPrefix(prefix) && entry.hasSuffix(".tmp") {
      guard let process = pid_t(entry.dropFirst(prefix.count).prefix { $0 != "-" }), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      try? files.removeItem(atPath: (folder.isEmpty ? "" : folder + "/") + entry)
    }
  }

  /// Several machines may share a folder, and a process number means nothing on another one.
  private static let prefix: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let hash = name.prefix { $0 != 0 }.reduce(UInt32(2_166_136_261)) {
      ($0 ^ UInt32(UInt8(bitPattern: $1))) &* 16_777_619
    }
    return ".motifkit-\(String(hash, radix: 16))-"
  }()
}
