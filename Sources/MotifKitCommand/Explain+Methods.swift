import ArgumentParser
import MotifKit

extension DeepLIFTRule: ExpressibleByArgument {}

extension Explain {
  /// With their options.
  func methods(of sequences: SequenceSet) throws -> [ExplanationMethod] {
    let names = method.split(separator: ",").map(String.init)
    guard !names.isEmpty else { throw ValidationError("--method names no method") }
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      throw ValidationError("--method names \(name) twice")
    }
    let reference = try references.flatMap(ReferenceArgument.init)?.reference(of: sequences)
    return try names.map { name in
      switch try ExplanationMethod(name) {
      case .attribution(.integratedGradients(let usual, let zeros)):
        .attribution(.integratedGradients(steps: steps ?? usual, reference: reference ?? zeros))
      case .attribution(.deepSHAP(let shuffles, let usual)):
        .attribution(.deepSHAP(reference: reference ?? shuffles, rule: rule ?? usual))
      case .attribution(.exactIntegratedGradients(let zeros)):
        .attribution(.exactIntegratedGradients(reference: reference ?? zeros))
      case .attribution(.expectedGradients(let shuffles)):
        .attribution(.expectedGradients(reference: reference ?? shuffles))
      case .attribution(.smoothGrad(let usual, let deviation)):
        .attribution(.smoothGrad(samples: samples ?? usual, noise: noise ?? deviation))
      case .attribution(.occlusion(let usual)): .attribution(.occlusion(window: occlude ?? usual))
      case let method: method
      }
    }
  }

  /// An option that none of the methods knows would be forgotten without a word.
  func refuseIdleOptions(_ methods: [ExplanationMethod]) throws {
    func require(_ isGiven: Bool, _ option: String, _ owners: String, _ takes: (ExplanationMethod) -> Bool)
      throws
    {
      if isGiven, !methods.contains(where: takes) { throw ValidationError("\(option) is for \(owners)") }
    }
    try require(
      hypothetical, "--hypothetical", "methods with references and mutagenesis", \.takesHypothetical)
    try require(correctGradient, "--correct-gradient", "gradients", \.isGradient)
    let comparing = "methods with references"
    try require(references != nil, "--references", comparing, \.hasReference)
    try require(saveReferences != nil, "--save-references", comparing, \.hasReference)
    try require(rule != nil, "--rule", "deepshap") {
      if case .attribution(.deepSHAP) = $0 { true } else { false }
    }
    for (option, isGiven) in [("--samples", samples != nil), ("--noise", noise != nil)] {
      try require(isGiven, option, "smoothgrad") {
        if case .attribution(.smoothGrad) = $0 { true } else { false }
      }
    }
    try require(occlude != nil, "--occlude", "occlusion") {
      if case .attribution(.occlusion) = $0 { true } else { false }
    }
    try require(steps != nil, "--steps", "integrated-gradients") {
      if case .attribution(.integratedGradients) = $0 { true } else { false }
    }
    try require(layer.layer != nil, "--layer", "class activation maps") { !$0.isAttribution }
    try require(keepNegative, "--keep-negative", "class activation maps") { !$0.isAttribution }
  }
}
