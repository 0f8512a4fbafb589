import NeuralNetworks
import Runtime
import Sequences
import Testing

/// What an epoch takes where one class is rarer.
@Suite struct ClassBalanceTests {
  /// 3 positives among 20.
  private static func rare() throws -> DataSet {
    let labels: [UInt8] = (0..<20).map { [4, 11, 17].contains($0) ? 1 : 0 }
    return try DataSet(
      SequenceSet(
        codes: [UInt8](repeating: 0, count: 100), starts: Array(stride(from: 0, through: 100, by: 5))),
      labels: labels)
  }

  private static func counts(_ order: [Int]) -> [Int: Int] {
    Dictionary(grouping: order) { $0 }.mapValues(\.count)
  }

  @Test func upRepeatsTheRarerClass() throws {
    let set = try Self.rare()
    let order = try ClassBalance.up.order(of: set, seed: 1, epoch: 1)
    let counts = Self.counts(order)
    #expect(order.count == 34)
    #expect(set.indices(label: 0).allSatisfy { counts[$0] == 1 })
    // 17 of three: each 5 or 6 times.
    #expect(set.indices(label: 1).map { counts[$0] ?? 0 }.sorted() == [5, 6, 6])
    #expect(try ClassBalance.up.order(of: set, seed: 1, epoch: 1) == order)
    #expect(try ClassBalance.up.order(of: set, seed: 1, epoch: 2) != order)
  }

  @Test func downTakesAsManyAsTheRarest() throws {
    let set = try Self.rare()
    let epochs = try (1...40).map { try ClassBalance.down.order(of: set, seed: 1, epoch: $0) }
    for order in epochs {
      #expect(order.count == 6 && Set(order).count == 6)
      #expect(order.count { set.labels[$0] == 1 } == 3)
    }
    #expect(Set(epochs.flatMap { $0 }) == Set(0..<20))
  }

  @Test func batchesAreBalanced() throws {
    let set = try Self.rare()
    let order = try ClassBalance.batches.order(of: set, seed: 1, epoch: 1)
    #expect(order.count == 20)
    for batch in stride(from: 0, to: 20, by: 4) {
      #expect(order[batch..<batch + 4].count { set.labels[$0] == 1 } == 2)
    }
    // Ten negatives, none twice.
    #expect(Self.counts(order).filter { set.labels[$0.key] == 0 }.values.allSatisfy { $0 == 1 })
  }

  @Test func noneIsAPermutation() throws {
    let order = try ClassBalance.none.order(of: Self.rare(), seed: 1, epoch: 1)
    #expect(order.sorted() == Array(0..<20) && order != Array(0..<20))
  }

  @Test func classesOfWords() throws {
    let set = try DataSet(
      SequenceSet(
        codes: [UInt8](repeating: 0, count: 30), starts: Array(stride(from: 0, through: 30, by: 5))),
      labels: [0, 0, 0, 2, 2, 0], classes: ["a", "b", "c"])
    #expect(try ClassBalance.down.order(of: set, seed: 0, epoch: 1).count == 4)
    #expect(try ClassBalance.up.order(of: set, seed: 0, epoch: 1).count == 8)
  }

  @Test func numbersHaveNoClasses() throws {
    let set = try DataSet(
      SequenceSet(codes: [0, 0], starts: [0, 1, 2]), targets: Targets(outputs: 1, values: [0.5, 2]),
      objective: Objective(loss: .meanSquaredError, columns: ["y"], outputs: ["y"]))
    #expect(throws: InputError("mean squared error of these columns has no classes to balance")) {
      try ClassBalance.up.order(of: set, seed: 0, epoch: 1)
    }
    let network = Network(input: .dna(length: 1)) {
      Flatten()
      Dense(1)
    }
    var options = TrainingOptions()
    options.focusing = 2
    #expect(throws: InputError("the focal loss is for questions of yes and no, not for mean squared error")) {
      try network.trained(on: set, options: options)
    }
  }

  /// A balanced epoch trains the same network for any number of threads and after an interruption, and counts its
  /// sequences as one pass.
  @Test(arguments: ClassBalance.allCases) func trainsAlike(_ balance: ClassBalance) throws {
    let planted = plantedSequences(200, seed: 1)
    let rows = planted.labels.indices.filter { planted.labels[$0] == 0 || $0 % 5 == 0 }
    let set = planted.subset(rows)
    let network = Network(input: .dna(length: set.sequences.uniformLength!)) {
      Convolution1D(filters: 4, kernelSize: 5, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    var options = TrainingOptions()
    (options.balance, options.epochs, options.batchSize, options.focusing) = (balance, 3, 16, 1.5)
    var last = 0
    let one = try network.trained(on: set, options: options, threads: 1, progress: { last = $0 }).network
      .parameters
    #expect(last == 3 * set.count)
    #expect(try network.trained(on: set, options: options, threads: 3).network.parameters == one)
  }
}
