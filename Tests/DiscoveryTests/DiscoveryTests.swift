import Discovery
import HDF5
import Motifs
import Runtime
import Sequences
import TestSupport
import Testing

/// Random sequences with one of two motifs each, on either strand, whose bases have attributions; the rest has little.
struct PlantedTracks {
  static let motifs = ["TGTTTACATA", "CACGTGGCAG"]
  let codes: [UInt8]
  let hypothetical: [Float]
  /// The motif, start and strand of each sequence's site.
  let sites: [(motif: Int, start: Int, isReverse: Bool)]
  static let length = 90

  init(count: Int = 300, order: [Int]? = nil) {
    var random = CounterRandom(seed: 11, purpose: .simulation)
    var sequences: [(codes: [UInt8], values: [Float], site: (Int, Int, Bool))] = []
    for index in 0..<count {
      var codes = (0..<Self.length).map { _ in UInt8(random.below(4)) }
      var values = (0..<4 * Self.length).map { _ in Float(random.uniform() - 0.5) * 0.04 }
      let motif = index % 3 == 0 ? 1 : 0
      let (start, isReverse) = (25 + random.below(30), random.below(2) == 1)
      for (place, letter) in Self.motifs[motif].utf8.enumerated() {
        let base = UInt8([65, 67, 71, 84].firstIndex(of: letter)!)
        let position = isReverse ? start + 9 - place : start + place
        let code = isReverse ? 3 - base : base
        codes[position] = code
        for other in 0..<4 { values[4 * position + other] -= 0.2 }
        values[4 * position + Int(code)] = Float(0.4 + 0.2 * random.uniform())
      }
      sequences.append((codes, values, (motif, start, isReverse)))
    }
    let ordered = (order ?? Array(0..<count)).map { sequences[$0] }
    codes = ordered.flatMap(\.codes)
    hypothetical = ordered.flatMap(\.values)
    sites = ordered.map { (motif: $0.site.0, start: $0.site.1, isReverse: $0.site.2) }
  }

  var tracks: AttributionTracks {
    get throws { try AttributionTracks(codes: codes, hypothetical: hypothetical, length: Self.length) }
  }
}

@Suite struct DiscoveryTests {
  private func core(_ named: NamedPattern) -> String {
    named.motif(flank: 0).frequencies.consensus(.mostFrequent)
  }

  private func isMotif(_ text: String, _ motif: String) -> Bool {
    let other = String(motif.reversed().map { ["A": "T", "C": "G", "G": "C", "T": "A"][$0]! })
    return text.contains(motif) || text.contains(other)
  }

  @Test func plantedMotifsAreFound() throws {
    let planted = PlantedTracks()
    let tracks = try planted.tracks
    let found = try MotifDiscovery(tracks)
    #expect(found.negative.isEmpty)
    #expect(found.positive.count == 2)
    for (pattern, motif) in zip(found.patterns, PlantedTracks.motifs) {
      #expect(isMotif(core(pattern), motif), "\(core(pattern))")
    }
    #expect(found.positive[0].seqlets.count >= 180)
    #expect(found.positive[1].seqlets.count >= 90)
  }

  @Test func neitherOrderNorThreadsMatter() throws {
    var random = CounterRandom(seed: 5, purpose: .order)
    let order = random.permutation(300)
    let plain = try MotifDiscovery(PlantedTracks().tracks)
    let threads = Parallel.threads
    Parallel.threads = 1
    defer { Parallel.threads = threads }
    let permuted = try MotifDiscovery(PlantedTracks(order: order).tracks)
    #expect(plain.positive.map(\.contributions) == permuted.positive.map(\.contributions))
    #expect(plain.positive.map(\.hypothetical) == permuted.positive.map(\.hypothetical))
    for (one, other) in zip(plain.positive, permuted.positive) {
      #expect(one.seqlets.map(\.sequence) == other.seqlets.map { order[$0.sequence] })
      #expect(one.seqlets.map(\.start) == other.seqlets.map(\.start))
      #expect(one.subpatterns.map(\.contributions) == other.subpatterns.map(\.contributions))
    }
  }

  @Test func aSampleLeavesTheRestToJoin() throws {
    var options = PatternOptions()
    options.maximumSeqlets = 150
    let found = try MotifDiscovery(PlantedTracks().tracks, options: options)
    #expect(found.positive.reduce(0) { $0 + $1.seqlets.count } >= 250)
    options.recruitingShare = 1
    let alone = try MotifDiscovery(PlantedTracks().tracks, options: options)
    #expect(alone.positive.reduce(0) { $0 + $1.seqlets.count } <= 150)
  }

  @Test func hitsAreTheSites() throws {
    let planted = PlantedTracks()
    let tracks = try planted.tracks
    let found = try MotifDiscovery(tracks)
    let hits = ContributionFit().hits(of: found.patterns, in: tracks)
    var right = 0
    for hit in hits {
      let site = planted.sites[hit.sequence]
      if hit.pattern == site.motif, abs(hit.start - site.start) <= 2 { right += 1 }
    }
    #expect(right >= 295)
    #expect(hits.count <= 320)
    let scanned = found.patterns.scannedHits(in: tracks, pValue: 1e-5)
    let sites = scanned.filter { $0.attribution > 2 }
    #expect(sites.count >= 290)
    let statistics = HitStatistics(hits, patterns: 2, sequences: tracks.count)
    #expect(statistics.sequences[0] >= 195 && statistics.sequences[1] >= 95)
    #expect(statistics.pairs.count == 1)
  }

  @Test func resultsGoThroughHDF5AndMergeAcrossRuns() throws {
    let tracks = try PlantedTracks().tracks
    let found = try MotifDiscovery(tracks)
    try withTemporaryDirectory { folder in
      let paths = ["\(folder)/a.h5", "\(folder)/b.h5"]
      for path in paths { try HDF5Writer.write(found.hdf5(tracks), to: path) }
      let stored = try StoredPattern.read(path: paths[0])
      #expect(stored.map(\.name) == found.patterns.map(\.name))
      #expect(stored.map(\.seqlets) == found.positive.map(\.seqlets.count))
      let unions = PatternUnion.merge(try paths.flatMap { try StoredPattern.read(path: $0) })
      #expect(unions.map(\.runs) == [2, 2])
      #expect(unions.map(\.seqlets) == found.positive.map { 2 * $0.seqlets.count })
      for (union, pattern) in zip(unions, found.positive) {
        #expect(zip(union.contributions, pattern.contributions).allSatisfy { abs($0 - $1) < 1e-6 })
      }
    }
  }

  /// Every third site has C in place of the second T of TGTTTACATA, and the attributions say that either would do: one pattern, where
  /// TF-MoDISco's merging leaves two.
  @Test func variantsInOnePositionAreOneMotif() throws {
    let planted = PlantedTracks()
    var (codes, hypothetical) = (planted.codes, planted.hypothetical)
    for (sequence, site) in planted.sites.enumerated() where site.motif == 0 {
      let position = site.isReverse ? site.start + 7 : site.start + 2
      let place = sequence * PlantedTracks.length + position
      let (usual, variant) = site.isReverse ? (0, 2) : (3, 1)
      hypothetical[4 * place + variant] = hypothetical[4 * place + usual]
      if sequence % 3 == 1 { codes[place] = UInt8(variant) }
    }
    let tracks = try AttributionTracks(codes: codes, hypothetical: hypothetical, length: PlantedTracks.length)
    let found = try MotifDiscovery(tracks)
    #expect(found.positive.count == 2)
    let shares = found.positive[0].counts.frequencies().rows
    // A column with both, in equal parts.
    #expect(shares.contains { row in row.sorted().suffix(2).allSatisfy { abs($0 - 0.5) < 0.1 } })
    var apart = PatternOptions()
    apart.variantSimilarity = 2
    let separate = try MotifDiscovery(tracks, options: apart)
    #expect(separate.positive.reduce(0) { $0 + $1.seqlets.count } >= 250)
    #expect(found.positive.reduce(0) { $0 + $1.seqlets.count } >= 250)
  }

  @Test func variantsAreAFamily() throws {
    let tracks = try PlantedTracks().tracks
    let found = try MotifDiscovery(tracks)
    let patterns =
      found.patterns + [
        NamedPattern(name: "again", pattern: found.positive[0], isPositive: true),
        NamedPattern(name: "negative", pattern: found.positive[0], isPositive: false),
      ]
    let families = patterns.families()
    #expect(families.map(\.members) == [[0, 2], [1], [3]])
    #expect(families[0].motif.sites == Double(2 * found.positive[0].seqlets.count))
  }

  @Test func bedLinesGivePlacesInTheGenome() {
    #expect(
      BEDPlace("chr7:100-200 peak").line(3..<9, name: "p", score: 5, strand: .forward)
        == "chr7\t103\t109\tp\t5\t+\n")
    // Read on the reverse strand, a window's last base comes first.
    #expect(
      BEDPlace("chr7:100-200(-)").line(3..<9, name: "p", score: 5, strand: .forward)
        == "chr7\t191\t197\tp\t5\t-\n")
    #expect(BEDPlace("HLA:x").line(3..<9, name: "p", score: 5, strand: .reverse) == "HLA:x\t3\t9\tp\t5\t-\n")
  }
}
