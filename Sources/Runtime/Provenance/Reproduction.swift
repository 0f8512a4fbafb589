/// How a result was made: the command as it was typed, and the same for who wants to make it again.
public struct Reproduction: Equatable, Sendable {
  /// The program's name and its arguments.
  public let command: [String]
  public let seed: UInt64
  /// What options that many commands share make a command read, a genome say.
  public let files: [String]

  /// - Parameters:
  ///   - arguments: as typed, the name of the command first and the program's left out.
  ///   - files: that shared options name.
  public init(arguments: [String], seed: UInt64, files: [String] = []) {
    command = ["motifkit"] + arguments
    self.seed = seed
    self.files = files
  }

  /// The same with more files.
  public func reading(_ more: [String]) -> Reproduction {
    Reproduction(arguments: Array(command.dropFirst()), seed: seed, files: files + more)
  }

  /// Options that no result depends on, and how many words follow each.
  private static let withoutInfluence = ["--threads": 1, "--out": 1, "--format": 1, "--quiet": 0, "-q": 0]

  /// The command without what no result depends on, and with the seed, as a shell takes it.
  public var recipe: String {
    let words = command.dropping(Self.withoutInfluence.merging(["--seed": 1]) { first, _ in first })
    return (words.prefix(2) + ["--seed", "\(seed)"] + words.dropFirst(2)).map(\.shellQuoted)
      .joined(separator: " ")
  }

  /// The command as typed, without the number of threads: what figures carry.
  public var commandLine: String { command.dropping(["--threads": 1]).joined(separator: " ") }
}

extension [String] {
  /// The words without some options and what follows them, also where an option is written `--name=value`.
  fileprivate func dropping(_ options: [String: Int]) -> [String] {
    var kept: [String] = []
    var rest = self[...]
    while let word = rest.popFirst() {
      if word == "--" { return kept + [word] + rest }
      if let values = options[word] {
        rest = rest.dropFirst(values)
      } else if let equals = word.firstIndex(of: "="), options[String(word[..<equals])] == 1 {
        continue
      } else {
        kept.append(word)
      }
    }
    return kept
  }
}

extension String {
  /// As a shell takes it for one word.
  package var shellQuoted: String {
    let plain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,=:+@".contains($0)) }
    return plain && !isEmpty
      ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
