import ArgumentParser
import MotifKit
import Runtime

/// Which convolution of a network is meant.
struct LayerOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The convolution, by its name in motifkit summary, such as conv1d_1.", valueName: "name"))
  var layer: String?

  /// Its index among the layers, `nil` if none is named.
  ///
  /// Throws `InputError` with the names there are.
  func index(in network: Network) throws -> Int? {
    guard let layer else { return nil }
    let architecture = network.architecture
    guard let index = architecture.convolutions.first(where: { architecture.names[$0] == layer }) else {
      let names = architecture.convolutions.map { architecture.names[$0] }.joined(separator: ", ")
      throw InputError("the network has no convolution '\(layer)'; it has \(names.isEmpty ? "none" : names)")
    }
    return index
  }
}
