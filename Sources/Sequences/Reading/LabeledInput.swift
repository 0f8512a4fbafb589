import Runtime

/// Labeled sequences from a file of positives and negatives that come from a file or from shuffling.
public struct LabeledInput: Sendable {
  /// Where negatives come from.
  public enum Negatives: Equatable, Sendable {
    /// Shuffles of the positives that keep their dinucleotides, one for each.
    case dinucleotideShuffles
    case file(String)
    /// Windows of the genome that resemble the positives, by a procedure of `GenomicInput.procedures`.
    case genome(String)

    /// What a user gives: a file, the word `dinucleotide`, or what to draw from the genome.
    public init(argument: String) {
      if GenomicInput.procedures.contains(argument) {
        self = .genome(argument)
      } else {
        self = argument == "dinucleotide" ? .dinucleotideShuffles : .file(argument)
      }
    }
  }

  public let positives: String
  public let negatives: Negatives
  public let seed: UInt64

  public init(positives: String, negatives: Negatives = .dinucleotideShuffles, seed: UInt64 = 0) {
    self.positives = positives
    self.negatives = negatives
    self.seed = seed
  }

  /// All positives with the label 1, then all negatives with the label 0.
  ///
  /// - Throws: `InputError` if a file cannot be read, holds labels of the other class, or sequences whose
  ///   length differs where `requireUniformLength` is set.
  public func read(requireUniformLength: Bool = false) throws -> LabeledSequences {
    if positives == "-", negatives == .file("-") {
      throw InputError(file: "-", "cannot be both the positives and the negatives")
    }
    let positiveSet = try read(positives, label: 1, requireUniformLength, length: nil)
    let length = requireUniformLength ? positiveSet.uniformLength : nil
    let negativeSet =
      switch negatives {
      case .dinucleotideShuffles: try positiveSet.shuffled(order: 2, seed: seed)
      case .file(let path): try read(path, label: 0, requireUniformLength, length: length)
      case .genome(let procedure):
        try Self.negatives(matching: positiveSet, procedure: procedure, seed: seed, file: positives)
      }
    let isShuffle = negatives == .dinucleotideShuffles
    let offset = positiveSet.codes.count
    let sequences = SequenceSet(
      codes: positiveSet.codes + negativeSet.codes,
      starts: positiveSet.starts + negativeSet.starts.dropFirst().map { $0 + offset },
      names: positiveSet.names.isEmpty || negativeSet.names.isEmpty
        ? [] : positiveSet.names + negativeSet.names.map { isShuffle ? $0 + "_shuffled" : $0 })
    return LabeledSequences(
      sequences,
      labels: [UInt8](repeating: 1, count: positiveSet.count)
        + [UInt8](repeating: 0, count: negativeSet.count))
  }

  /// Windows of the genome that resemble `positives`.
  ///
  /// - Throws: `InputError` if no genome is known, or as its source throws.
  package static func negatives(
    matching positives: SequenceSet, procedure: String, seed: UInt64, file: String
  ) throws -> SequenceSet {
    guard let source = GenomicInput.source else {
      throw InputError(file: file, "negatives by \(procedure) come from a genome: --genome is missing")
    }
    return try source.negatives(matching: positives, procedure: procedure, seed: seed)
  }

  private func read(_ path: String, label: UInt8, _ uniform: Bool, length: Int?) throws -> SequenceSet {
    let set = try LabeledSequences(contentsOf: path, requireUniformLength: uniform, length: length)
    if let other = set.labels.firstIndex(where: { $0 != label }) {
      throw InputError(
        file: path,
        "sequence \(set.sequences.name(other)) has the label \(1 - label) in a file of \(label == 1 ? "positives" : "negatives")"
      )
    }
    return set.sequences
  }
}
