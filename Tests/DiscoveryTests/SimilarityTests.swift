import Discovery
import Foundation
import Runtime
import Testing

@Suite struct SimilarityTests {
  @Test(arguments: SimilarityKernels.available)
  func theBestMatchIsTheDefinitions(_ kernels: SimilarityKernels) throws {
    let windows = AttributionWindows(Golden.file.seqlets, of: try Golden.file.tracks)
    for (y, x) in (0..<12).flatMap({ y in (0..<12).map { (y, $0) } }) {
      var table = OffsetTable(length: windows.width, width: windows.width, padding: 9)
      table.fill(windows, y)
      let match = table.match(table.terms(windows, x..<x + 1), x, kernels: kernels)
      let golden = Golden.file.matches[x][y]
      #expect(abs(Double(match.score) - golden[0]) < 1e-3)
      // Elsewhere another offset may be as good within what rounding leaves.
      if x == y { #expect(match.offset == Int(golden[1]) && match.isReverse == (golden[2] == 1)) }
    }
  }

  /// Pairs in both lists are compared once; so are pairs in one list, and seqlets with themselves.
  @Test(arguments: SimilarityKernels.available, [1, 5, 11])
  func similaritiesOfNeighborsAreTheBestMatches(_ kernels: SimilarityKernels, limit: Int) throws {
    let (seqlets, tracks) = (Golden.file.seqlets, try Golden.file.tracks)
    let windows = AttributionWindows(seqlets, of: tracks)
    let coarse = CoarseNeighbors(seqlets, of: tracks, sign: 1, limit: limit)
    let fine = coarse.fineSimilarities(windows, overlap: 0.7, kernels: kernels)
    for row in seqlets.indices {
      var table = OffsetTable(
        length: windows.width, width: windows.width, padding: Int(Double(windows.width) * (1 - 0.7)))
      table.fill(windows, row)
      let terms = table.terms(windows, seqlets.indices)
      for place in row * coarse.size..<(row + 1) * coarse.size {
        #expect(fine[place] == table.match(terms, Int(coarse.indices[place]), kernels: kernels).score)
      }
    }
  }

  @Test(arguments: SimilarityKernels.available)
  func allInstructionSetsGiveTheSameBits(_ kernels: SimilarityKernels) throws {
    let windows = AttributionWindows(Golden.file.seqlets, of: try Golden.file.tracks)
    #expect(rows(windows, kernels) == rows(windows, SimilarityKernels.available.last!))
  }

  @Test func alignedSimilarityIsTheDefinitions() throws {
    let windows = AttributionWindows(Golden.file.seqlets, of: try Golden.file.tracks)
    for (row, golden) in zip(rows(windows, .best), Golden.file.aligned) {
      #expect(zip(row, golden).allSatisfy { abs(Double($0) - $1) < 1e-3 })
    }
  }

  @Test(arguments: SimilarityKernels.available)
  func momentsAreThoseOfTheSystemsExponential(_ kernels: SimilarityKernels) {
    var random = CounterRandom(seed: 5, purpose: .simulation)
    for (count, beta) in [(0, 1.0), (1, 0.3), (7, 2), (8, 1e-9), (500, 0.7), (501, 40), (33, 1e6)] {
      let distances = (0..<count).map { _ in 17 * random.uniform() }
      let moments = KernelMoments(distances, beta: beta, kernels: kernels)
      let weights = distances.map { exp(-beta * $0) }
      for (found, power) in [(moments.weights, 0), (moments.first, 1), (moments.second, 2)] {
        let expected = zip(weights, distances).reduce(0) { $0 + $1.0 * pow($1.1, Double(power)) }
        #expect(abs(found - expected) <= 1e-14 * expected + 1e-300, "\(count) \(beta)")
      }
      let portable = KernelMoments(distances, beta: beta, kernels: SimilarityKernels.available.last!)
      #expect(moments.weights == portable.weights && moments.second == portable.second)
    }
  }

  private func rows(_ windows: AttributionWindows, _ kernels: SimilarityKernels) -> [[Float]] {
    let rows = Locked([[Float]](repeating: [], count: windows.count))
    SimilarityPanels(windows).forEachRow(windows, kernels: kernels) { _, row, scores in
      rows.withLock { $0[row] = Array(scores) }
    }
    return rows.withLock { $0 }
  }

  @Test func cosinesAreThoseOfAllGappedKmers() throws {
    let coarse = CoarseNeighbors(Golden.file.seqlets, of: try Golden.file.tracks, sign: 1, limit: 500)
    #expect(coarse.size == 12)
    for row in 0..<12 {
      for place in row * 12..<row * 12 + 12 {
        let golden = Golden.file.cosines[row][Int(coarse.indices[place])]
        #expect(abs(Double(coarse.similarities[place]) - golden) < 1e-4)
      }
      #expect(coarse.indices[row * 12] == Int32(row))
    }
  }

  @Test func neighborsDoNotDependOnTilesOrKernels() throws {
    let tracks = try Golden.file.tracks
    let whole = CoarseNeighbors(Golden.file.seqlets, of: tracks, sign: 1, limit: 5)
    for kernels in SimilarityKernels.available {
      for tile in [1, 5] {
        let tiled = CoarseNeighbors(
          Golden.file.seqlets, of: tracks, sign: 1, limit: 5, tile: tile, kernels: kernels)
        #expect(tiled.indices == whole.indices && tiled.similarities == whole.similarities)
      }
    }
  }

  @Test func aKmerOnTheOtherStrandAndBack() {
    // A..CG.T: places 0 3 4 6.
    let key: UInt32 = 0b101100 << 12 | 0b00_01_10_11
    // A.CG..T.
    #expect(GappedKmers.reversed(key) == 0b100110 << 12 | 0b00_01_10_11)
    #expect(GappedKmers.reversed(GappedKmers.reversed(key)) == key)
  }

  @Test func topListKeepsTheLargestAndEqualOnesByIndex() {
    var list = TopList(limit: 3)
    let scores: [Float] = [0.5, -1, 0.75, 0.5, 0.25, 0.75, -0.5, 0.5, 0, 0.5, 0.125, 0.5, 0.5, 0.5]
    for (index, score) in scores.enumerated() { list.add(index, score) }
    let top = list.sorted()
    #expect(top.map(\.index) == [2, 5, 0])
    #expect(top.map(\.score) == [0.75, 0.75, 0.5])
  }

  @Test(arguments: [1, 7, 100, 499, 500])
  func selectionMovesTheLargestToTheFront(_ count: Int) {
    var random = CounterRandom(seed: 1, purpose: .sampling)
    var values = (0..<500).map { _ in random.next() }
    let expected = values.sorted(by: >).prefix(count).sorted()
    selectLargest(count, of: &values)
    #expect(values.prefix(count).sorted() == expected)
  }
}
