import NeuralNetworks
import Sequences
import Testing

@Suite struct AugmentationTests {
  private static let source: [UInt8] = [0, 1, 2, 3, 4, 0, 0, 2]

  private func augmented(_ augmentation: Augmentation, epoch: Int = 1, index: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.source.count) { buffer, count in
      augmentation.apply(
        Self.source, buffer.baseAddress!, length: Self.source.count, seed: 1, epoch: epoch, index: index)
      count = Self.source.count
    }
  }

  @Test func reverseComplementOfHalf() {
    let other = Nucleotide.reverseComplement(Self.source)
    let flipped = (0..<1000).map { augmented(Augmentation(reverseComplement: true), index: $0) }
    #expect(flipped.allSatisfy { $0 == Self.source || $0 == other })
    #expect((430...570).contains(flipped.count { $0 == other }))
    #expect(flipped == (0..<1000).map { augmented(Augmentation(reverseComplement: true), index: $0) })
    #expect(
      flipped != (0..<1000).map { augmented(Augmentation(reverseComplement: true), epoch: 2, index: $0) })
  }

  @Test func shiftsToBothSides() {
    let shifted = Set((0..<300).map { augmented(Augmentation(shift: 2), index: $0) })
    let n = Nucleotide.unknown
    #expect(
      shifted == [
        [2, 3, 4, 0, 0, 2, n, n], [1, 2, 3, 4, 0, 0, 2, n], Self.source, [n, 0, 1, 2, 3, 4, 0, 0],
        [n, n, 0, 1, 2, 3, 4, 0],
      ])
  }

  @Test func shiftsBeyondTheLengthLeaveNothing() {
    let shifted = (0..<100).map { augmented(Augmentation(shift: 1000), index: $0) }
    #expect(shifted.contains([UInt8](repeating: Nucleotide.unknown, count: 8)))
  }

  /// Trained on one strand only, a network that sees both learns both.
  @Test func networksLearnTheOtherStrand() throws {
    let network = Network(input: .dna(length: 30), seed: 1) {
      Convolution1D(filters: 16, kernelSize: 6, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    var reversed = SequenceSet()
    let test = plantedSequences(400, seed: 2)
    for index in 0..<test.count {
      reversed.append(Nucleotide.reverseComplement(test.sequences[index]))
    }
    let validation = try DataSet(reversed, labels: test.labels)
    func accuracy(_ augmentation: Augmentation) throws -> Double {
      var options = TrainingOptions()
      options.epochs = 20
      options.batchSize = 64
      options.learningRate = 0.01
      options.augmentation = augmentation
      return try #require(
        network.trained(on: plantedSequences(1000), validation: validation, options: options).report.epochs[
          19
        ]
        .validationAccuracy)
    }
    #expect(try accuracy(.none) < 0.7)
    #expect(try accuracy(Augmentation(reverseComplement: true)) > 0.9)
  }
}
