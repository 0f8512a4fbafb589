import ArgumentParser
import NeuralNetworks
import Runtime

/// A unit of a layer in place of an output.
struct UnitOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A unit instead of an output, the one in the middle of a layer: the layer, by its name in motifkit summary, and the number of a filter, from 0.",
      valueName: "layer:filter"))
  var unit: String?

  /// The layer's index and the filter, `nil` if no unit is named.
  ///
  /// Throws `InputError` when it is not named as it should be, or the network has no such layer.
  func place(in network: Network) throws -> (layer: Int, filter: Int)? {
    guard let unit else { return nil }
    let parts = unit.split(separator: ":", omittingEmptySubsequences: false)
    let names = network.architecture.names
    guard parts.count == 2, let filter = Int(parts[1]), let layer = names.firstIndex(of: String(parts[0]))
    else {
      throw InputError(
        "--unit \(unit): expected a layer and a filter, such as \(names[0]):0; layers are \(names.joined(separator: ", "))"
      )
    }
    return (layer, filter)
  }
}
