import Arrays
import HDF5
import NeuralNetworks
import Runtime

/// Reads the networks of Keras, PyTorch, ONNX and DeepBind. Files are told apart by their content; no byte of them is ever
/// run.
public enum ModelImport {
  /// Reads a file of another program.
  ///
  /// - Throws: `InputError` that names the file: damaged, of no known program, in need of an option, or with layers and
  ///   options that MotifKit does not have, all of them in one line.
  public static func read(_ path: String, options: ImportOptions = ImportOptions()) throws -> ImportedModel {
    try read(WholeFile.bytes(path), file: path, options: options)
  }

  /// Whether a file is one of another program, by its first bytes.
  ///
  /// - Throws: `InputError` if there is no such file.
  public static func recognizes(_ path: String) throws -> Bool {
    let start = try WholeFile.prefix(path, 64)
    let signatures = [HDF5File.signature, ZipArchive.signature, TorchFile.legacySignature]
    if signatures.contains(where: { start.starts(with: $0) }) || DeepBindFile.recognizes(start) {
      return true
    }
    return start.first == 0x08 ? ONNXReader.recognizes(try WholeFile.bytes(path)) : false
  }

  /// Reads a file whose bytes are at hand; `file` is its name in messages.
  ///
  /// - Throws: `InputError` as the other.
  public static func read(_ bytes: [UInt8], file: String, options: ImportOptions = ImportOptions()) throws
    -> ImportedModel
  {
    guard let format = try ModelFormat(bytes, file: file) else {
      throw InputError(
        file: file,
        "is none of the model files that are read: MotifKit, Keras (.h5, .keras), PyTorch (.pt, .pth, .ckpt), ONNX, DeepBind"
      )
    }
    if options.length == nil, let length = try options.lengthOfData?() {
      var measured = options
      (measured.length, measured.lengthOfData) = (length, nil)
      if let model = try? read(bytes, file: file, options: measured) { return model }
      // A network that takes another length, or what is wrong whatever the length.
    }
    var describedIn = file
    do {
      var (graph, source, place) = try graph(bytes, format, file: file, options: options)
      describedIn = place
      if options.unknownBase != 0 { graph.unknownBase = options.unknownBase }
      // N has no column, only a place among whole numbers.
      let bases = options.bases.filter { $0 != "N" }
      if bases != "ACGT" { graph.reorderBases(from: bases) }
      let model = try model(graph, source: source, file: describedIn, options: options)
      try requireFinite(model.network, file: file)
      return model
    } catch is UnknownLength {
      throw InputError(file: file, "takes sequences of any length; say which with motifkit import --length")
    } catch let error as InputError where error.file == nil {
      // What only the whole network shows, such as no layers, is known without the file.
      throw InputError(file: describedIn, error.reason)
    }
  }

  /// A file's network, what made it, and the file that says which layers it has.
  private static func graph(_ bytes: [UInt8], _ format: ModelFormat, file: String, options: ImportOptions)
    throws
    -> (NetworkGraph, source: String, describedIn: String)
  {
    switch format {
    case .keras:
      let architecture = try options.architecture.map { (try WholeFile.bytes($0, limit: 1 << 28), $0) }
      let keras = try KerasFile.read(bytes, file: file, architecture: architecture)
      return (
        try KerasReader.graph(keras, bases: options.bases).joiningStrands().measured(
          file: keras.configurationFile, fallback: options.length),
        "Keras \(keras.version == 0 ? "0.3" : "\(keras.version)")", keras.configurationFile
      )
    case .pytorch: return (try TorchFile(bytes, file: file).graph(options), "PyTorch", file)
    case .onnx:
      return (
        try ONNXReader.graph(bytes, file: file, length: options.length).joiningStrands(), "ONNX", file
      )
    case .deepbind:
      return (try DeepBindFile(bytes, file: file).graph(length: options.length), "DeepBind", file)
    case .safetensors:
      return (
        try TorchFile.graph(
          try Self.safetensors(bytes, file: file, options), isOrdered: false, file: file, options),
        "safetensors", file
      )
    }
  }

  private static func safetensors(_ bytes: [UInt8], file: String, _ options: ImportOptions) throws
    -> [(name: String, weights: Weights)]
  {
    let content = try Safetensors(bytes, file: file)
    guard options.describesTensors || !content.isModel else {
      throw InputError(file: file, "is a model of MotifKit, which every command takes as it is")
    }
    return content.tensors.map {
      ($0.name, Weights(shape: $0.tensor.shape, values: $0.tensor.values))
    }
  }

  /// Rewrites a graph until MotifKit's layers can say it, and says it.
  private static func model(_ graph: NetworkGraph, source: String, file: String, options: ImportOptions)
    throws
    -> ImportedModel
  {
    var graph = graph
    func refuse(_ problems: [String]) -> InputError {
      let shown = problems.prefix(40).joined(separator: "; ")
      let rest = problems.count > 40 ? "; and \(problems.count - 40) more" : ""
      return InputError(file: file, "needs what MotifKit does not have: \(shown)\(rest)")
    }
    let names = graph.outputs
    let isChannelsFirst = names.indices.map {
      graph.outputsChannelsFirst?[$0] ?? (graph.normalization == .pytorch)
    }
    if options.averagesStrands { graph.averageStrands() }
    let links = graph.unlinked()
    graph.prune()
    if graph.inputs.count > 1 {
      let inputs = graph.inputs.map { "\($0.name) of \($0.length.map(String.init) ?? "?") × \($0.channels)" }
      graph.refuse("inputs \(inputs.joined(separator: ", ")): more than the sequence")
    }
    guard graph.problems.isEmpty, let input = graph.inputs.first else { throw refuse(graph.problems) }
    guard input.channels == 4 else {
      throw refuse(["input \(input.name) of \(input.channels) channels: not the four bases"])
    }
    graph.rename { name in
      let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/:".contains($0)) ? $0 : "_" }
      return letters.isEmpty ? "layer" : String(letters.prefix(160))
    }
    guard let length = input.length ?? options.length else { throw UnknownLength() }
    do {
      graph.unwindReversals(try graph.shapes(length: length))
      graph.foldTiling()
      graph.centerBases()
      graph.foldPadding()
      graph.dropReshaping()
      graph.recognizeGELU()
      var shapes = try graph.shapes(length: length)
      let ends = graph.outputs.map { shapes[$0] ?? .features(0) }
      graph.unfoldPositions(shapes)
      graph.dropSinglePositions(shapes)
      graph.mergeHeads()
      graph.foldStrands()
      graph.prune()
      graph.compose(try graph.shapes(length: length))
      shapes = try graph.shapes(length: length)
      graph.layOut(channelsFirst: false, shapes: shapes)
      let lowering = Lowering(graph, shapes: shapes)
      let problems = graph.problems + lowering.problems
      guard problems.isEmpty else { throw refuse(problems) }
      let network = try lowering.assembly.network(length: length, input: "input", outputs: graph.outputs)
      var first = 0
      let outputs = names.indices.map { index in
        defer { first += ends[index].count }
        return ImportedModel.Output(
          name: names[index], link: .init(links[index]), range: first..<first + ends[index].count,
          length: ends[index].length, channels: ends[index].channels,
          isChannelsFirst: isChannelsFirst[index])
      }
      return ImportedModel(
        network: network, outputs: outputs,
        source: ([source] + [graph.assumption].compactMap(\.self)).joined(separator: ", "),
        unknownBase: graph.unknownBase)
    } catch let failure as GraphShape.Failure {
      throw InputError(file: file, "its layers do not fit: \(failure.reason)")
    } catch let failure as Assembly.Failure { throw refuse([failure.reason]) }
  }

  private static func requireFinite(_ network: Network, file: String) throws {
    for tensor in network.architecture.tensors {
      let values = network.values(tensor)
      guard values.allSatisfy(\.isFinite) else {
        throw InputError(file: file, "tensor \(tensor.name) holds what is no number")
      }
      guard tensor.role != .variance || values.allSatisfy({ $0 >= 0 }) else {
        throw InputError(file: file, "tensor \(tensor.name) holds negative variances")
      }
    }
  }
}

/// A network that takes sequences of any length, and nobody says which.
struct UnknownLength: Error {}

extension ImportedModel.Link {
  init(_ link: NetworkGraph.Link) {
    switch link {
    case .identity: self = .identity
    case .sigmoid: self = .sigmoid
    case .softmax: self = .softmax
    case .logSigmoid: self = .logSigmoid
    case .logSoftmax: self = .logSoftmax
    }
  }
}
