import Foundation
import Runtime
import Sequences

/// A network after each epoch, each in a model file of its own: how a filter became a motif.
///
/// The folder holds `epoch-0000.safetensors` (before training), `epoch-0001.safetensors`, ….
public struct WeightHistory: Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// The file of an epoch.
  public func path(epoch: Int) -> String {
    let digits = String(epoch)
    return folder + "/epoch-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      + ".safetensors"
  }

  /// Throws `InputError` if the folder or the file cannot be written.
  public func save(_ model: Model, epoch: Int) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw InputError(file: folder, "cannot be made a folder") }
    var model = model
    model.metadata.epochs = epoch
    try model.write(to: path(epoch: epoch))
  }

  /// The epochs that are there, in order.
  ///
  /// Throws `InputError` if the folder holds none.
  public func epochs() throws -> [Int] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw InputError(
        file: folder, "no such folder; motifkit train --save-weights each-epoch makes it")
    }
    let epochs = names.compactMap { name -> Int? in
      guard name.hasPrefix("epoch-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst("epoch-".count).dropLast(".safetensors".count)).flatMap { $0 >= 0 ? $0 : nil }
    }
    guard !epochs.isEmpty else { throw InputError(file: folder, "holds no weights of epochs") }
    return epochs.sorted()
  }

  /// Throws `InputError` as reading a model does.
  public func network(epoch: Int) throws -> Network {
    try Model(contentsOf: path(epoch: epoch)).network
  }
}
