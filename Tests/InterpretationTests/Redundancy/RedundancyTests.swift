import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Testing

@Suite struct RedundancyTests {
  /// Kernel as the network lays it out: (position, base, filter).
  private func network(_ filters: [[[Float]]], biases: [Float]? = nil, length: Int = 20) throws -> Network {
    let width = filters[0].count
    let architecture = try Architecture(
      input: .dna(length: length),
      layers: [
        .convolution1D(Convolution1D(filters: filters.count, kernelSize: width, activation: .relu)),
        .globalMaxPooling1D, .dense(Dense(1)),
      ])
    var network = Network(architecture: architecture, seed: 1)
    for (number, filter) in filters.enumerated() {
      for (position, row) in filter.enumerated() {
        for (base, weight) in row.enumerated() {
          network.parameters[(position * 4 + base) * filters.count + number] = weight
        }
      }
    }
    let bias = architecture.tensor(0, .bias)!
    network.parameters.replaceSubrange(bias.range, with: biases ?? filters.map { _ in 0 })
    return network
  }

  private func randomFilter(_ width: Int, _ random: inout CounterRandom) -> [[Float]] {
    (0..<width).map { _ in (0..<4).map { _ in Float(random.uniform() - 0.5) } }
  }

  /// A filter, itself moved by two, itself on the other strand moved by one, and itself with columns lifted.
  @Test func weightsAgreeOverOffsetsAndStrands() throws {
    var random = CounterRandom(seed: 4, purpose: .initialization)
    let core = randomFilter(6, &random)
    let zero: [Float] = [0, 0, 0, 0]
    let zeros = Array(repeating: zero, count: 4)
    let plain = core + zeros
    let moved = [zero, zero] + core + [zero, zero]
    let reverse = [zero] + core.reversed().map { Array($0.reversed()) } + zeros.dropLast()
    let lifted = plain.enumerated().map { position, row in row.map { $0 * 3 + Float(position) } }
    let other = randomFilter(10, &random)
    let similarity = try network([plain, moved, reverse, lifted, other]).weightSimilarity()
    #expect(abs(similarity[0, 1] - 1) < 1e-6)
    #expect(similarity.offset[1] == -2 && similarity.offset[5] == 2)
    #expect(!similarity.isReverse[1])
    #expect(abs(similarity[0, 2] - 1) < 1e-6)
    #expect(similarity.isReverse[2] && similarity.isReverse[10])
    // The reverse complement of filter 2 has its core at 3…8 and must begin 3 left of filter 0, and the other way round.
    #expect(similarity.offset[2] == -3 && similarity.offset[10] == -3)
    #expect(abs(similarity[0, 3] - 1) < 1e-5 && similarity.offset[3] == 0)
    #expect(similarity[0, 4] < 0.9)
    for i in 0..<25 { #expect(similarity.correlation[i] == similarity.correlation[i % 5 * 5 + i / 5]) }
  }

  /// Against every placement written out, for the first and a later convolution.
  @Test(arguments: [0, 2]) func weightsAgreeWithBruteForce(_ layer: Int) throws {
    let network = Network(input: .dna(length: 40), seed: 11) {
      Convolution1D(filters: 5, kernelSize: 7, activation: .relu)
      MaxPooling1D(2)
      Convolution1D(filters: 6, kernelSize: 4, activation: .relu)
      GlobalMaxPooling1D()
      Dense(1)
    }
    let kernel = network.architecture.tensor(layer, .kernel)!
    let (width, channels, filters) = (kernel.shape[0], kernel.shape[1], kernel.shape[2])
    func filter(_ number: Int) -> [[Double]] {
      (0..<width).map { position in
        let row = (0..<channels).map {
          Double(network.parameters[kernel.offset + (position * channels + $0) * filters + number])
        }
        let mean = layer == 0 ? row.reduce(0, +) / 4 : 0
        return row.map { $0 - mean }
      }
    }
    func norm(_ rows: [[Double]]) -> Double { rows.joined().reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let similarity = try network.weightSimilarity(layer: layer)
    for a in 0..<filters {
      for b in 0..<filters where a != b {
        let (first, second) = (filter(a), filter(b))
        let reverse = Array(second.reversed().map { Array($0.reversed()) })
        var best = -2.0
        for (strand, candidate) in [second, reverse].prefix(layer == 0 ? 2 : 1).enumerated() {
          for offset in -width...width {
            var sum = 0.0
            for position in 0..<width where (0..<width).contains(position - offset) {
              sum += zip(first[position], candidate[position - offset]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let r = sum / norm(first) / norm(second)
            best = max(best, r)
            if similarity.offset[a * filters + b] == offset,
              similarity.isReverse[a * filters + b] == (strand == 1)
            {
              #expect(abs(r - similarity[a, b]) < 1e-9)
            }
          }
        }
        #expect(abs(best - similarity[a, b]) < 1e-9)
      }
    }
  }

  /// Golden/similarity.py
  @Test func activationsAgreeWithNumpy() throws {
    let network = try Golden.network(.valid)
    let positions = try network.activationCorrelation(of: Golden.sequences)
    #expect(abs(positions[1] - -0.11630721600851064) < 1e-6 && positions[3] == positions[1])
    #expect(positions[2] == 0 && positions[8] == 1)
    let maxima = try network.filterActivity(of: Golden.sequences).correlationOfMaxima
    #expect(abs(maxima[1] - 0.33405858307376574) < 1e-6)
  }

  /// Dead by proof, dead on the data, always on, a duplicate on the other strand, one that feeds nothing.
  @Test func statusesAndDuplicates() throws {
    var random = CounterRandom(seed: 6, purpose: .initialization)
    let motif = randomFilter(5, &random)
    let best = motif.map { $0.max()! }.reduce(0, +)
    let worst = motif.map { $0.min()! }.reduce(0, +)
    // Filter 1 fires on the best word only, which the sequences below do not hold.
    var network = try network(
      [
        motif, motif, motif.reversed().map { Array($0.reversed()) }, randomFilter(5, &random), motif,
        randomFilter(5, &random),
      ],
      biases: [-best - 0.01, -best + 0.01, 0, 0, -worst + 0.01, 0])
    network.disconnect(5, layer: 0)
    let word = motif.map { row in UInt8(row.indices.max { row[$0] < row[$1] }!) }
    let all = randomSequences(60, length: 20, unknown: false)
    let without = all.subset(
      (0..<60).filter { index in
        let codes = Array(all[index])
        return !(0...15).contains { Array(codes[$0..<$0 + 5]) == word }
      })
    #expect(without.count > 30)
    let result = try network.filterRedundancy(of: without)
    #expect(result.statuses.map(\.cannotFire) == [true, false, false, false, false, false])
    #expect(result.statuses.map(\.neverFires) == [true, true, false, false, false, false])
    #expect(result.statuses.map(\.alwaysOn) == [false, false, false, false, true, false])
    #expect(result.statuses.map(\.activeEverywhere) == [false, false, false, false, true, false])
    #expect(result.statuses[5].isRemovable && !result.statuses[3].isRemovable)
    #expect(Set([0, 1, 2, 4].map { result.clusters[$0] }).count == 1)
    #expect(result.clusters[3] != result.clusters[0])
    #expect(result.duplicate(3) == nil)
    // Filters 0 and 1 reach nothing, so one of the living stands for the four.
    let keeper = result.representatives[0]
    #expect([2, 4].contains(keeper) && result.duplicate(0) == keeper && result.duplicate(keeper) == nil)
  }
}
