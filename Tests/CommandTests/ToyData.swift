import Foundation
import MotifKit
import Runtime

/// Small inputs whose answers are known by hand.
enum ToyData {
  /// Counts, at its best place, how many letters agree with GAT: filter weights 1 for those letters,
  /// logit = 2 · best − 4.
  static func model(length: Int = 5) throws -> Network {
    let architecture = try Architecture(
      input: .dna(length: length),
      layers: [
        .convolution1D(Convolution1D(filters: 1, kernelSize: 3, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ])
    let kernel: [Float] = [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    return Network(architecture: architecture, parameters: kernel + [0] + [2] + [-4])
  }

  static let fasta = """
    >full
    CGATC
    >part
    GACCC
    >none
    CCCCC

    """

  static let table = "seq,label\nCGATC,1\nGATTT,1\nCCCCC,0\nGACCC,0\nTTTTT,1\n"

  /// `count` sequences of 20 bases, every second one with GATTACA in the middle.
  static func training(count: Int) -> String {
    var text = "seq\tlabel\n"
    for index in 0..<count {
      var random = CounterRandom(seed: 5, purpose: .simulation, index: index)
      var codes = (0..<20).map { _ in UInt8(random.below(4)) }
      if index % 2 == 0 { codes.replaceSubrange(7..<14, with: Nucleotide.codes("GATTACA")!) }
      text += Nucleotide.string(codes) + "\t\(1 - index % 2)\n"
    }
    return text
  }
}
