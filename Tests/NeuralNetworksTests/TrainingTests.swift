import Foundation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct TrainingTests {
  private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
    var options = TrainingOptions()
    options.epochs = 2
    options.batchSize = 64
    change(&options)
    return options
  }

  @Test func bytesDoNotDependOnThreads() throws {
    let network = Network(architecture: try Preset.v4.architecture(length: 60), seed: 7)
    let sequences = plantedSequences(301, length: 60)
    let results = try [1, 2, 3, 8].map {
      try network.trained(on: sequences, validation: sequences, options: options(), threads: $0)
    }
    for result in results.dropFirst() {
      #expect(result.network.parameters.map(\.bitPattern) == results[0].network.parameters.map(\.bitPattern))
      #expect(result.report.tsv == results[0].report.tsv)
    }
    #expect(results[0].network.parameters != network.parameters)
  }

  /// Everything at once: minibatch statistics, both strands, groups, a skip connection, several outputs.
  @Test func bytesDoNotDependOnThreadsInLargeNetworks() throws {
    let network = Network(input: .dna(length: 40), seed: 3) {
      Convolution1D(filters: 10, kernelSize: 5, padding: .same, reverseComplement: .concatenation)
      BatchNormalization()
      ActivationLayer(.relu)
      MaxPooling1D(2)
      Residual {
        Convolution1D(filters: 20, kernelSize: 3, padding: .same, groups: 2)
        BatchNormalization(.pytorch)
        Dropout(0.2)
      }
      GlobalMaxPooling1D()
      Dense(2)
    }
    var change = options()
    change.classWeight = .balanced
    change.clipNorm = 0.1
    change.weightDecay = 0.01
    change.augmentation = Augmentation(reverseComplement: true, shift: 3)
    let planted = plantedSequences(201, length: 40)
    let sequences = try DataSet(planted.sequences, labels: planted.labels, classes: ["no", "yes"])
    let results = try [1, 2, 3].map {
      try network.trained(on: sequences, validation: sequences, options: change, threads: $0)
    }
    for result in results.dropFirst() {
      #expect(result.network.parameters.map(\.bitPattern) == results[0].network.parameters.map(\.bitPattern))
      #expect(result.report.tsv == results[0].report.tsv)
    }
    for tensor in network.architecture.tensors {
      #expect(results[0].network.values(tensor) != network.values(tensor), "\(tensor.name) has not moved")
    }
  }

  /// Every layer, with every instruction set of this machine.
  @Test(arguments: layerCases + normalizationCases + largeCases) func bytesDoNotDependOnThreads(
    _ test: NetworkCase
  ) throws {
    let outputs = test.architecture.outputCount
    let sequences = test.sequences(37)
    let set = try dataSet(
      sequences, outputs: outputs,
      (0..<37 * outputs).map { $0 % 11 == 10 ? .nan : Float($0 % 7) - 3 }, .meanSquaredError)
    let options = options {
      $0.batchSize = 15
      $0.clipNorm = 1
      $0.weightDecay = 0.01
      $0.augmentation = Augmentation(reverseComplement: true, shift: 1)
    }
    for kernels in Kernels.available {
      let results = try [1, 2, 3].map { threads in
        let trainer = try Trainer(test.network(), options: options, threads: threads, kernels: kernels)
        let losses = try (0..<2).map { _ in try trainer.trainEpoch(on: set, validation: set) }.flatMap {
          [$0.loss, $0.validationLoss ?? .nan]
        }
        return (parameters: trainer.network.parameters.map(\.bitPattern), losses: losses.map(\.bitPattern))
      }
      #expect(results[1] == results[0] && results[2] == results[0], "\(kernels.name)")
      #expect(results[0].parameters != test.network().parameters.map(\.bitPattern))
    }
  }

  @Test func seedsDecideTheResult() throws {
    let network = Network(architecture: try Preset.v3.architecture(length: 40), seed: 7)
    let sequences = plantedSequences(100, length: 40)
    func trained(_ seed: UInt64) throws -> [Float] {
      try network.trained(on: sequences, options: options { $0.seed = seed }).network.parameters
    }
    #expect(try trained(1) == trained(1))
    #expect(try trained(1) != trained(2))
  }

  /// One filter as wide as the site separates the classes.
  @Test func learnsAMotif() throws {
    let network = Network(input: .dna(length: 30), seed: 1) {
      Convolution1D(filters: 16, kernelSize: 6, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    let trained = try network.trained(
      on: plantedSequences(1000), validation: plantedSequences(400, seed: 2),
      options: options {
        $0.epochs = 20
        $0.learningRate = 0.01
      })
    #expect(trained.report.epochs.count == 20)
    #expect(trained.report.epochs[0].loss > trained.report.epochs[19].loss)
    #expect(try #require(trained.report.epochs[19].validationAccuracy) > 0.97)
    let logits = try trained.network.logits(of: plantedSequences(400, seed: 2).sequences)
    let right = logits.enumerated().count { ($0.element > 0) == ($0.offset % 2 == 1) }
    #expect(Double(right) / 400 == trained.report.epochs[19].validationAccuracy)
  }

  /// Without a signal the bias learns log(positives / negatives); balanced classes keep it at zero.
  @Test func balancedClassesWeighAlike() throws {
    let network = Network(input: .dna(length: 4), seed: 1) {
      Flatten()
      Dense(1)
    }
    var sequences = SequenceSet()
    for _ in 0..<200 { sequences.append([4, 4, 4, 4]) }
    let set = try DataSet(sequences, labels: (0..<200).map { $0 % 5 == 0 ? 1 : 0 })
    func bias(_ weight: TrainingOptions.ClassWeight) throws -> Float {
      try network.trained(
        on: set,
        options: options {
          $0.epochs = 200
          $0.batchSize = 200
          $0.learningRate = 0.05
          $0.classWeight = weight
        }
      ).network.parameters[16]
    }
    #expect(abs(try bias(.none) - log(0.25)) < 0.01)
    #expect(abs(try bias(.balanced)) < 0.01)
  }

  @Test func unfitInput() throws {
    let network = Network(architecture: try Preset.v1.architecture(length: 30))
    #expect(throws: InputError("seq1 has 20 bases, but the network takes 30")) {
      try network.trained(on: plantedSequences(4, length: 20))
    }
    var unlabeled = SequenceSet()
    unlabeled.append([UInt8](repeating: 0, count: 30))
    #expect(throws: InputError("training needs a label for each sequence")) {
      try network.trained(on: DataSet(unlabeled, labels: []))
    }
  }

  @Test func divergenceNamesThePlace() throws {
    var network = Network(architecture: try Preset.v1.architecture(length: 30))
    network.parameters[0] = .infinity
    let tooLarge = Network(
      architecture: network.architecture,
      parameters: network.parameters.map { _ in Float.greatestFiniteMagnitude })
    #expect(
      throws: InputError(
        "the loss is no longer a number in epoch 1, batch 1; the output of conv1d is too large: the weights that it began with are too large"
      )
    ) { try tooLarge.trained(on: plantedSequences(100), options: options()) }
    #expect(
      throws: InputError(
        "the loss is no longer a number in epoch 1, batch 1; conv1d.kernel holds values that are not numbers:"
          + " the weights that it began with are too large")
    ) { try network.trained(on: plantedSequences(100), options: options()) }
  }
}

/// A loss that is no number ends training, and so do parameters that are none, which a ReLU hides from the loss.
@Suite struct DivergenceTests {
  private func reason(_ layers: [Layer], loss: Loss = .binaryCrossEntropy, rate: Double, optimizer: Optimizer)
    throws -> String?
  {
    var options = TrainingOptions()
    options.epochs = 3
    options.batchSize = 50
    options.learningRate = rate
    options.optimizer = optimizer
    let network = Network(
      architecture: try Architecture(input: .dna(length: 30), layers: layers), seed: 1)
    do {
      let planted = plantedSequences(100)
      let set = try dataSet(planted.sequences, outputs: 1, planted.targets.values, loss)
      let trained = try network.trained(on: set, options: options).network
      #expect(trained.parameters.allSatisfy { $0.isFinite })
      return nil
    } catch let error as InputError { return error.reason }
  }

  private static let layers: [Layer] = [
    .convolution1D(Convolution1D(filters: 8, kernelSize: 6, activation: .relu)), .globalMaxPooling1D,
    .dense(Dense(4, activation: .relu)), .dense(Dense(1)),
  ]

  @Test(
    arguments: [Optimizer.adam(), .sgd(), .sgd(momentum: 0.9), .rmsprop()], [1e10, 1e20, 1e30, 3e38, 1e300])
  func rates(_ optimizer: Optimizer, _ rate: Double) throws {
    // Whatever the rate: numbers, or an error that names epoch, batch and layer.
    guard let reason = try reason(Self.layers, rate: rate, optimizer: optimizer) else { return }
    #expect(reason.hasPrefix("the loss is no longer a number in epoch "))
    #expect(reason.contains(/epoch \d+, batch \d+; .*(conv1d|dense)/), "\(reason)")
    #expect(reason.hasSuffix(": lower the learning rate"))
  }

  @Test func hugeRatesEnd() throws {
    #expect(
      try self.reason(Self.layers, rate: 1e300, optimizer: .adam())
        == "the loss is no longer a number in epoch 1, batch 1; conv1d.kernel holds values that are not numbers: "
        + "lower the learning rate")
    let ofNumbers = try reason(
      [.flatten, .dense(Dense(1))], loss: .meanSquaredError, rate: 1e6, optimizer: .sgd())
    #expect(ofNumbers?.hasSuffix(": lower the learning rate, or give the targets in larger units") == true)
    #expect(try reason([.flatten, .dense(Dense(1))], loss: .poisson, rate: 100, optimizer: .sgd()) != nil)
  }
}

let plantedSite: [UInt8] = [2, 0, 3, 1, 0, 2]

/// Random sequences; those with label 1 hold `plantedSite` somewhere.
func plantedSequences(_ count: Int, length: Int = 30, seed: UInt64 = 1) -> DataSet {
  var set = SequenceSet()
  for index in 0..<count {
    var random = CounterRandom(seed: seed, purpose: .simulation, index: index)
    var codes = (0..<length).map { _ in UInt8(random.below(4)) }
    let start = random.below(length - plantedSite.count)
    if index % 2 == 1 { codes.replaceSubrange(start..<start + plantedSite.count, with: plantedSite) }
    set.append(codes)
  }
  do { return try DataSet(set, labels: (0..<count).map { UInt8($0 % 2) }) } catch {
    preconditionFailure("\(error)")
  }
}

/// All targets for one loss, outputs named by their numbers.
func dataSet(_ sequences: SequenceSet, outputs: Int, _ values: [Float], _ loss: Loss) throws -> DataSet {
  try DataSet(
    sequences, targets: Targets(outputs: outputs, values: values),
    objective: Objective(loss: loss, columns: [], outputs: (0..<outputs).map(String.init)))
}
