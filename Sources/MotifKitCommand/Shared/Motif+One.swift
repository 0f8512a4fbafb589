import MotifKit
import Runtime

extension Motif {
  /// The one motif that `path` names: a file that holds just one, or `foxo1`.
  static func one(path: String) throws -> Motif {
    let motifs = try read(path: path)
    guard motifs.count == 1 else {
      throw InputError(file: path, "holds \(motifs.count) motifs where one is expected")
    }
    return motifs[0]
  }
}
