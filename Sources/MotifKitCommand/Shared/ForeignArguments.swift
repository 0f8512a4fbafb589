import ArgumentParser
import Interchange
import MotifKit
import NeuralNetworks
import Runtime
import Sequences

/// What a file of another program does not say about its network.
struct ForeignArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The layers, for files with weights only: model.to_json() of Keras, or a network of motifkit for PyTorch.",
      valueName: "json"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "A network whose program is known, for tensors of PyTorch: \(TorchRecipe.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var recipe: TorchRecipe?

  @Option(
    help: ArgumentHelp(
      "The order in which the network takes bases, with N where they are numbers that have one for it.",
      valueName: "letters"))
  var formatOfBases = "ACGT"

  @Flag(
    help:
      "A PyTorch network takes (length, 4), not (4, length), or flattens position by position, as behind an LSTM."
  )
  var channelsLast = false

  @Option(
    help: ArgumentHelp(
      "What the network takes in the columns of an unknown base: 0 or 0.25.", valueName: "number"))
  var unknownBase: Float = 0

  @Flag(
    help:
      "Outputs are means over both strands of a sequence, as a wrapper around the network makes them (DeepSEA, Beluga)."
  )
  var averageStrands = false

  func validate() throws {
    guard unknownBase == 0 || unknownBase == 0.25 else {
      throw ValidationError("--unknown-base \(unknownBase): expected 0 or 0.25")
    }
    guard formatOfBases.filter({ $0 != "N" }).count == 4, Set(formatOfBases).count == formatOfBases.count,
      Set(formatOfBases).union("N") == Set("ACGTN")
    else {
      throw ValidationError("--format-of-bases \(formatOfBases): expected A, C, G and T in some order")
    }
  }

  var options: ImportOptions {
    ImportOptions(
      architecture: architecture, recipe: recipe, bases: formatOfBases, isChannelsFirst: !channelsLast,
      unknownBase: unknownBase, averagesStrands: averageStrands)
  }

  /// Reads a model of motifkit or another program.
  ///
  /// - Parameter data: the file of sequences whose length a network takes that takes any.
  func model(_ path: String, for data: String?) throws -> Model {
    guard path != "-" else {
      throw InputError("a model cannot come from standard input; expected the name of a file")
    }
    var options = options
    options.lengthOfData = {
      guard let data, data != "-" else { return nil }
      return try SequenceReader(path: data, keepNames: false).next()?.codes.count
    }
    return try Model.read(path, options: options)
  }
}

extension TorchRecipe: ExpressibleByArgument {}
