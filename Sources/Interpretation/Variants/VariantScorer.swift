import Genomes
import NeuralNetworks
import Runtime
import Sequences

/// Predicts what variants do: each allele's window through each network, on both strands and with the window moved over the
/// variant by each shift; predictions are averaged over strands and shifts before alleles are compared.
public struct VariantScorer: Sendable {
  public let networks: [Network]
  public let scale: EffectScale
  /// Whether windows are also read from the other strand.
  public let bothStrands: Bool
  /// How far windows are moved to the right.
  public let shifts: [Int]
  /// Input length of the networks.
  public let length: Int
  public let outputs: Int

  /// - Throws: `InputError` if the networks differ in input length or outputs, or a shift reaches beyond half a window.
  public init(
    _ networks: [Network], scale: EffectScale = .logit, bothStrands: Bool = true, shifts: [Int] = [0]
  ) throws {
    precondition(!networks.isEmpty && !shifts.isEmpty, "at least one network and one shift")
    (self.networks, self.scale, self.bothStrands, self.shifts) = (networks, scale, bothStrands, shifts)
    length = networks[0].architecture.input.length
    outputs = networks[0].architecture.outputCount
    for network in networks
    where network.architecture.input.length != length || network.architecture.outputCount != outputs {
      func shape(_ length: Int, _ outputs: Int) -> String {
        "\(Words.counted(length, "base")) and \(Words.counted(outputs, "output"))"
      }
      let other = shape(network.architecture.input.length, network.architecture.outputCount)
      throw InputError("the networks differ: \(shape(length, outputs)), and \(other)")
    }
    if let shift = shifts.first(where: { abs($0) >= max(1, length / 2) }) {
      throw InputError("a window of \(length) bases cannot be moved by \(shift) over a variant in its middle")
    }
  }

  /// Scores variants; those without a window are counted in `counts`.
  ///
  /// - Throws: `InputError` if the genome's file is damaged there.
  public func effects(of variants: [Variant], in genome: Genome, counts: inout VariantCounts) throws
    -> VariantEffects
  {
    let windows = try genome.haplotypes(of: variants, length: length, shifts: shifts, counts: &counts)
    var effects = VariantEffects(indices: windows.indices, outputs: outputs)
    let count = windows.indices.count * outputs
    var (references, alternates) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var (sums, squares) = (references, references)
    for network in networks {
      let (reference, alternate) = try logits(network, windows)
      for index in 0..<count {
        let (before, after) = (scale.value(reference[index]), scale.value(alternate[index]))
        references[index] += before
        alternates[index] += after
        sums[index] += after - before
        squares[index] += (after - before) * (after - before)
      }
    }
    let models = Double(networks.count)
    effects.references = references.map { $0 / models }
    effects.alternates = alternates.map { $0 / models }
    effects.effects = sums.map { $0 / models }
    if networks.count > 1 {
      effects.spreads = (0..<count).map { index in
        (max(0, squares[index] - sums[index] * sums[index] / models) / (models - 1)).squareRoot()
      }
    }
    return effects
  }

  /// (variants, outputs) of both alleles: the means over shifts and strands.
  private func logits(_ network: Network, _ windows: Haplotypes) throws -> (
    references: [Double], alternates: [Double]
  ) {
    let none = [Double](repeating: 0, count: windows.indices.count * outputs)
    var sums = (references: none, alternates: none)
    var readings = 0.0
    func add(_ references: [UInt8], _ alternates: [UInt8]) throws {
      let logits = try network.pairedLogits(sequences(references), sequences(alternates))
      for index in none.indices {
        sums.references[index] += Double(logits.first[index])
        sums.alternates[index] += Double(logits.second[index])
      }
      readings += 1
    }
    for (references, alternates) in zip(windows.references, windows.alternates) {
      try add(references, alternates)
      if bothStrands { try add(reverseComplements(references), reverseComplements(alternates)) }
    }
    return (sums.references.map { $0 / readings }, sums.alternates.map { $0 / readings })
  }

  private func sequences(_ codes: [UInt8]) -> SequenceSet {
    SequenceSet(codes: codes, starts: Array(stride(from: 0, through: codes.count, by: length)))
  }

  private func reverseComplements(_ codes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: codes.count) { target, count in
      for first in stride(from: 0, to: codes.count, by: length) {
        for offset in 0..<length {
          let code = codes[first + length - 1 - offset]
          target[first + offset] = code < 4 ? 3 - code : code
        }
      }
      count = codes.count
    }
  }
}
