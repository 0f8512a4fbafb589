import Motifs
import Sequences
import Statistics
import Testing

@Suite struct MotifClusteringTests {
  /// FOXO1 and variants of it: shifted, cut, on the other strand; and one that is unrelated.
  static let family: [Motif] = {
    let core = Motif.foxo1.counts!
    let unrelated = CountMatrix(rows: [
      [480, 5, 5, 10], [5, 480, 5, 10], [480, 5, 5, 10], [5, 480, 10, 5], [5, 10, 480, 5], [5, 5, 5, 485],
      [5, 10, 480, 5],
    ])
    func motif(_ name: String, _ counts: CountMatrix) -> Motif {
      Motif(identifier: name, frequencies: counts.frequencies(), counts: counts, sites: 500)
    }
    return [
      motif("whole", core), motif("left", core[1..<10]), motif("other", unrelated),
      motif("flipped", core[3..<12].reverseComplement),
    ]
  }()

  @Test func alignment() {
    let whole = Self.family[0].frequencies
    let left = MotifAlignment.best(whole, Self.family[1].frequencies)
    #expect(left.offset == -1)
    #expect(left.overlap == 9)
    #expect(!left.isReverse)
    #expect(abs(left.correlation - 1) < 1e-12)
    #expect(abs(left.normalizedCorrelation - 0.75) < 1e-12)
    let flipped = MotifAlignment.best(whole, Self.family[3].frequencies)
    #expect(flipped.offset == -3)
    #expect(flipped.isReverse)
    #expect(MotifAlignment.best(whole, Self.family[2].frequencies).normalizedCorrelation < 0.4)
    let forward = MotifAlignment.best(whole, Self.family[3].frequencies, bothStrands: false)
    #expect(!forward.isReverse && forward.normalizedCorrelation < 0.4)
  }

  @Test func clusters() {
    let clustering = MotifClustering(Self.family)
    let clusters = clustering.clusters()
    #expect(Set(clusters.map { Set($0.members.map(\.index)) }) == [[0, 1, 3], [2]])
    let forkhead = clusters.first { $0.members.count == 3 }!
    // Members lie where they were cut from, whichever strand the cluster is read on.
    let whole = forkhead.members[0]
    for (member, cut) in zip(forkhead.members, [0, 1, 3]) {
      let width = Self.family[member.index].width
      let inside = whole.isReverse ? 12 - cut - width : cut
      #expect(member.start == whole.start + inside)
      let isFlipped = member.index == 3
      #expect(member.isReverse == (whole.isReverse != isFlipped))
    }
    // Equal weights and equal matrices: the merged motif is FOXO1 where two of three cover it.
    let merged = whole.isReverse ? forkhead.merged.reverseComplement : forkhead.merged
    let expected = Motif.foxo1.frequencies[1..<12]
    #expect(merged.width == 11)
    let differences = zip(merged.frequencies.values, expected.values).map { abs($0 - $1) }
    #expect(differences.max()! < 1e-12)
    #expect(merged.sites == 1500)
    #expect(forkhead.merged.name == "whole,left,flipped")
  }

  @Test func weightsCount() {
    let one = Motif(identifier: "a", frequencies: FrequencyMatrix(rows: [[1, 0, 0, 0]]), sites: 30)
    let other = Motif(identifier: "b", frequencies: FrequencyMatrix(rows: [[0.5, 0.5, 0, 0]]), sites: 10)
    let bySites = MotifCluster(merging: [one, other]).merged
    #expect(bySites.frequencies.row(0) == [0.875, 0.125, 0, 0])
    #expect(bySites.counts?.row(0) == [35, 5, 0, 0])
    let equal = MotifCluster(merging: [one, other], weighting: .equal).merged
    #expect(equal.frequencies.row(0) == [0.75, 0.25, 0, 0])
    #expect(equal.counts == nil)
    #expect(MotifCluster(merging: [one]).merged.frequencies == one.frequencies)
  }

  @Test func newick() {
    let tree = HierarchicalClustering(distances: [[0, 0.2, 0.6], [0.2, 0, 0.6], [0.6, 0.6, 0]])
    #expect(tree.newick(["a", "b c", "d'e"]) == "('d''e':0.3,(a:0.1,'b c':0.1):0.19999999999999998);")
    #expect(HierarchicalClustering(distances: [[0]]).newick(["x"]) == "x;")
    #expect(MotifClustering(Self.family).newick.hasSuffix(";"))
  }

  @Test func threadsDoNotMatter() {
    let motifs = SyntheticMotifs.collection(seed: 3, count: 30)
    #expect(MotifClustering(motifs, threads: 1) == MotifClustering(motifs, threads: 2))
  }
}
