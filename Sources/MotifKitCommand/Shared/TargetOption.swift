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
}
