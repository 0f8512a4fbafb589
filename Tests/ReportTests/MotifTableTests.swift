import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Statistics
import Study
import Testing

/// What the tables of motifs, their clusters, their enrichment and of filters say, against what they are made from.
@Suite struct MotifTableTests {
  private static let planted = result {
    try PlantedSimulation(frequencies: Motif.foxo1.frequencies.rows, count: 200, length: 40, seed: 6).run()
  }

  private static func result<Value>(_ body: () throws -> Value) -> Value {
    do { return try body() } catch { fatalError("a fixture: \(error)") }
  }

  private static let other = Motif(
    identifier: "other", name: "GGC",
    frequencies: CountMatrix(rows: (0..<8).map { p in (0..<4).map { $0 == (p % 3 == 2 ? 1 : 2) ? 17.0 : 1 } })
      .frequencies(), sites: 20)

  private static var reverse: Motif {
    var motif = Motif.foxo1.reverseComplement
    motif.identifier = "reverse"
    return motif
  }

  @Test func motifs() throws {
    let table = MotifFile(motifs: [.foxo1, Self.other]).table
    #expect(try table.column("motif") == [Motif.foxo1.identifier, "other"])
    #expect(try table.column("width") == ["12", "8"])
    // 6 of 8 positions want G and 2 want C, 0.85 + 0.05 each.
    #expect(try table.column("gc")[1] == "0.900" && table.column("sites")[1] == "20")
    #expect(try table.column("counts")[1] == "no" && table.column("consensus")[1] == "GGCGGCGG")
    let bits = 8 * (2 + 0.85 * log2(0.85) + 0.15 * log2(0.05))
    #expect(try table.column("information_content")[1] == text(bits, 2))
  }

  @Test func clusters() throws {
    let report = try MotifClusterReport([.foxo1, Self.other, Self.reverse])
    let table = report.table
    #expect(try table.column("motifs").sorted() == ["1", "2"])
    let pair = try #require(table.texts.first { $0[1] == "2" })
    #expect(Set(pair[5].split(separator: ",")) == [Motif.foxo1.identifier[...], "reverse"])
    let members = report.memberTable
    #expect(members.rows.count == 3)
    // The same motif on both strands: two orientations, one reading.
    let same = members.texts.filter { $0[2] == pair[0] }
    #expect(Set(same.map { $0[4] }) == ["+", "-"] && Set(same.map { $0[5] }).count == 1)
    #expect(report.text == "3 motifs in 2 clusters, 1 of them of one motif\n")
  }

  @Test func enrichment() throws {
    let set = Self.planted.labeled
    func part(_ label: UInt8) -> SequenceSet {
      set.sequences.subset(set.labels.indices.filter { set.labels[$0] == label })
    }
    let report = try EnrichmentReport(
      [Self.other, .foxo1], positives: part(1), negatives: part(0), spacing: 2, seed: 1)
    let table = report.table
    // The planted one is the surest.
    #expect(try table.column("motif") == [Motif.foxo1.identifier, "other"])
    let (p, e, q) = try (table.column("p"), table.column("E"), table.column("q"))
    #expect(abs(Double(e[0])! / Double(p[0])! - 2) < 0.03 && Double(p[0])! < 1e-10)
    #expect(abs(Double(q[0])! / Double(p[0])! - 2) < 0.03)
    #expect(Double(q[1])! >= Double(q[0])!)
    let shares = try table.cells("positives", "positive_share", "negatives", "negative_share")[0]
    #expect(shares[1] == text(Double(shares[0])! / 100, 4) && shares[3] == text(Double(shares[2])! / 100, 4))
    let ratio = (Double(shares[0])! + 1) / (Double(shares[2])! + 1)
    #expect(try table.column("ratio")[0] == text(ratio, 2))
    #expect(try Double(table.column("auroc")[0])! > 0.8)
    // Sites stand in the middle: 14 bases before, 14 after.
    #expect(try table.column("best_start")[0] == "15" && table.column("best_strand")[0] == "+")
    #expect(report.count(eValue: 0.05) >= 1)
    let page = try report.page(command: "motifkit enrich", seed: 1)
    #expect(page.contains("FOXO1") && page.contains("motifkit enrich"))
    for row in report.spacingTable.texts {
      #expect([row[0], row[1]].allSatisfy(table.texts.map { $0[0] }.contains) && Double(row[6])! >= 0)
    }
  }

  private static let network = result {
    var random = CounterRandom(seed: 3, purpose: .initialization)
    let architecture = try Architecture(
      input: .dna(length: 40),
      layers: [
        .convolution1D(Convolution1D(filters: 4, kernelSize: 12, activation: .relu)), .globalMaxPooling1D,
        .dense(Dense(1)),
      ])
    // FOXO1, the same again, a filter that never fires, and noise.
    let foxo1 = Motif.foxo1.weights().values.map(Float.init)
    let noise = (0..<48).map { _ in Float(random.uniform() - 0.5) }
    let filters = [foxo1, foxo1, [Float](repeating: -1, count: 48), noise]
    let kernel = (0..<48).flatMap { place in filters.map { $0[place] } }
    return Network(architecture: architecture, parameters: kernel + [-2, -2, -1, 0] + [1, 1, 1, 1, 0])
  }

  @Test func redundancyOfFilters() throws {
    let redundancy = try Self.network.filterRedundancy(of: Self.planted.sequences)
    let report = RedundancyReport(redundancy)
    let table = report.table
    #expect(try table.column("dead") == ["", "", "cannot fire", ""])
    #expect(try table.column("removable")[2] == "yes")
    #expect(try table.column("duplicate_of") == ["", "filter0", "", ""])
    #expect(try table.column("most_alike").prefix(2) == ["filter1", "filter0"])
    #expect(try table.column("correlation").prefix(2) == ["1.0000", "1.0000"])
    #expect(try table.column("cluster")[0] == table.column("cluster")[1])
    let maximum = try #require(Double(table.column("maximum")[0]))
    #expect(abs(maximum - Double(redundancy.activity.maximum[0])) < 1e-3)
    let pairs = report.correlationTable
    #expect(pairs.rows.count == 6)
    #expect(pairs.texts[0].prefix(5) == ["filter0", "filter1", "1.0000", "0", "+"])
    #expect(try pairs.column("activations")[0] == "1.0000" && pairs.column("maxima")[0] == "1.0000")
  }

  @Test func clustersOfFilters() throws {
    let analysis = try FilterAnalysis(
      Self.network, on: Self.planted.labeled, targets: [.foxo1, Self.other])
    let clusters = try FilterClusters(analysis, on: Self.planted.labeled)
    let table = clusters.table
    // The copies are one cluster, on one strand, with one name.
    let first = try #require(table.texts.first)
    #expect(first[1] == "2" && first[2] == "filter0:0:+,filter1:0:+")
    #expect(try table.column("best_match")[0] == Motif.foxo1.identifier)
    #expect(try table.column("auroc")[0] == text(clusters.enrichment[0]?.rank.auroc, 4))
    #expect(!table.tsv.contains("filter2"))
    #expect(analysis.readings[0].isReadable(0) && !analysis.readings[0].isReadable(2))
  }

  @Test func explanationsNeedSequencesThatFit() throws {
    let explanation = try Self.network.explanation(
      .attribution(.inputXGradient), of: Self.planted.sequences.subset([0, 1]))
    #expect(throws: InputError.self) {
      try ExplanationPictures(
        [("gradient", explanation, 0)], of: SequenceSet(codes: [0, 1], starts: [0, 2]), by: Self.network)
    }
  }
}
