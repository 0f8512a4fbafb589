import Foundation
import NeuralNetworks
import Runtime

extension ImportedModel {
  /// What the outputs are, as far as their links tell: probabilities, classes, or numbers. One head for all outputs of one kind
  /// without positions, else a head for each.
  ///
  /// Outputs keep the other program's names; one of several values numbers them. Tables have their targets in columns of these
  /// names.
  public var objective: Objective {
    let names = outputs.map { output in
      output.range.count == 1 ? [output.name] : (1...output.range.count).map { "\(output.name)_\($0)" }
    }
    // DeepBind's score is the logit of bound and unbound.
    let isLogit = source == "DeepBind"
    if outputs.count == 1, isLogit || outputs[0].link.isOfYesOrNo, outputs[0].range.count == 1 {
      return .binary
    }
    let isOneKind = Set(outputs.map(\.link)).count == 1 && outputs.allSatisfy { $0.length == 1 }
    let heads =
      isOneKind && (outputs.count == 1 || !outputs[0].link.isOfClasses) && Set(outputs.map(\.loss)).count == 1
      ? [Head(loss: outputs[0].loss, outputs: names.flatMap { $0 })]
      : zip(outputs, names).map { Head($0.name, loss: $0.loss, outputs: $1) }
    return Objective(heads: withSums(heads), columns: names.flatMap { $0 })
  }

  /// Counts beside the only profile are its sums, one for each track.
  private func withSums(_ heads: [Head]) -> [Head] {
    let profiles = heads.filter { $0.loss == .multinomial }
    guard profiles.count == 1 else { return heads }
    return heads.map { head in
      var head = head
      let isCounts = head.loss == .meanSquaredLogError && profiles[0].outputs.count % head.outputs.count == 0
      if isCounts { head.sumOf = profiles[0].name }
      return head
    }
  }

  /// The network with what its outputs mean.
  ///
  /// - Parameter name: such as the file's, without folder and extension.
  public func model(name: String) -> Model {
    Model(network, objective: objective, metadata: Model.Metadata(name: name))
  }
}

extension ImportedModel.Output {
  /// The loss under which an output with this link is usually trained; those of profile and count networks are known by the
  /// names that BPNet's family gives them.
  var loss: Loss {
    switch link {
    case .sigmoid, .logSigmoid: .binaryCrossEntropy
    case .softmax, .logSoftmax: .categoricalCrossEntropy
    case .identity:
      if name.contains("profile"), range.count > 1 {
        .multinomial
      } else if name.contains("logcount") {
        .meanSquaredLogError
      } else {
        .meanSquaredError
      }
    }
  }
}

extension ImportedModel.Link {
  fileprivate var isOfYesOrNo: Bool { self == .sigmoid || self == .logSigmoid }
  fileprivate var isOfClasses: Bool { self == .softmax || self == .logSoftmax }

  /// What a loss makes of outputs where predictions are wanted. Logarithms of rates, counts and shares stay what they are.
  public init(_ loss: Loss) {
    switch loss {
    case .binaryCrossEntropy: self = .sigmoid
    case .categoricalCrossEntropy: self = .softmax
    case .meanSquaredError, .poisson, .multinomial, .meanSquaredLogError: self = .identity
    }
  }
}

extension Model {
  /// Reads a model of MotifKit, or a network of another program, which is told by the file's content.
  ///
  /// - Throws: `InputError` that names the file, also for what the other program's network has and MotifKit has not, and for
  ///   options that a model of MotifKit has no use for.
  public static func read(_ path: String, options: ImportOptions = ImportOptions()) throws -> Model {
    guard try options.describesTensors || ModelImport.recognizes(path) else {
      let model = try Model(contentsOf: path)
      guard !options.describesInput else {
        throw InputError(
          file: path,
          "is a model of motifkit: how bases and strands go into it is known, and options for other programs' are not for it"
        )
      }
      return model
    }
    let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    return try ModelImport.read(path, options: options).model(name: name)
  }
}
