import MotifKit
import Runtime

extension Model {
  /// The output that `target` names; without a name the only one, or the first where `takesFirst`.
  ///
  /// Throws `InputError` naming the file if it has no such output, or several and no name is given.
  func output(_ target: String?, takesFirst: Bool = false, file: String) throws -> Int {
    guard target != nil || !takesFirst && network.architecture.outputCount > 1 else { return 0 }
    let names = try knownObjective(file: file).outputs
    guard let target else {
      throw InputError(
        file: file, "has several outputs, so --target must name one of \(names.joined(separator: ", "))")
    }
    guard let index = names.firstIndex(of: target) else {
      throw InputError(file: file, "has no output \(target); it has \(names.joined(separator: ", "))")
    }
    return index
  }

  /// The outputs that `targets` names, with commas between, or `all`; without names the first.
  ///
  /// Throws `InputError` naming the file if it has no such output.
  func outputs(_ targets: String?, file: String) throws -> [ModelOutput] {
    guard let targets else { return [ModelOutput(index: 0, name: "", label: "")] }
    let names = try knownObjective(file: file).outputs
    let wanted: [String] =
      if names.contains(targets) {
        [targets]
      } else if targets == "all" {
        names
      } else {
        targets.split(separator: ",").map(String.init)
      }
    let indices = try wanted.map { try output($0, file: file) }
    guard !indices.isEmpty, Set(indices).count == indices.count else {
      throw InputError(file: file, "--target \(targets): expected names of outputs, each once")
    }
    var labels = wanted.map { name in
      String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
    // Names that differ in other signs alone.
    if Set(labels).count < labels.count { labels = indices.map { "output\($0)" } }
    return indices.indices.map { ModelOutput(index: indices[$0], name: wanted[$0], label: labels[$0]) }
  }
}

/// An output of a network that a user named.
struct ModelOutput {
  let index: Int
  let name: String
  /// The name in letters, digits and underscores.
  let label: String
}
