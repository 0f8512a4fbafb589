import ArgumentParser
import MotifKit

/// A command or an option that does not exist, and the one that may have been meant.
///
/// The parser speaks of what is missing first, `--network` say, where `--netwrk` was given.
enum MistypedName {
  /// One line for the first such name among `arguments`, `nil` if all exist.
  static func message(_ arguments: [String]) -> String? {
    var commands: [(name: String, type: any ParsableCommand.Type)] = []
    for type in MotifKitCommand.configuration.subcommands { commands.append((type._commandName, type)) }
    guard let name = arguments.first, !name.hasPrefix("-") else { return nil }
    guard let command = commands.first(where: { $0.name == name }) else {
      let names = commands.map(\.name) + ["help"]
      return names.contains(name)
        ? nil : "there is no command '\(name)'\(suggestion(for: name, among: names)) (see motifkit --help)"
    }
    let known = options(of: command.type)
    for word in arguments.dropFirst().prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
      let option = String(word.prefix { $0 != "=" })
      guard !known.contains(option) else { continue }
      return
        "unknown option '\(option)'\(suggestion(for: option, among: known)) (see motifkit \(name) --help)"
    }
    return nil
  }

  /// How to get the help of the command that was given.
  static var help: String {
    let name = CommandLine.arguments.dropFirst().first ?? ""
    let isCommand = MotifKitCommand.configuration.subcommands.contains { $0._commandName == name }
    return isCommand ? "motifkit \(name) --help" : "motifkit --help"
  }

  /// `--name` at the head of the help's entries.
  private static func options(of command: any ParsableCommand.Type) -> [String] {
    let help = MotifKitCommand.helpMessage(for: command, includeHidden: true, columns: 1000)
    return help.split(separator: "\n").flatMap { line -> [String] in
      guard line.hasPrefix("  -") else { return [] }
      return line.split(whereSeparator: { " ,/".contains($0) }).map(String.init).prefix { $0.hasPrefix("-") }
        .filter { $0.hasPrefix("--") }
    } + ["--help", "--version", "--generate-completion-script"]
  }

  private static func suggestion(for word: String, among names: [String]) -> String {
    let nearest = names.map { (distance: distance(word, $0), name: $0) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(1, word.count / 3) else { return "" }
    return "; did you mean '\(nearest.name)'?"
  }

  /// Insertions, deletions, replacements and exchanges of neighbors (Damerau 1964, Communications of the ACM 7, 171–176).
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j], rows[i][j + 1]) + 1
        best = min(best, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
