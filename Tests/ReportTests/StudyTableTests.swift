import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Report
import Runtime
import Sequences
import Statistics
import Study
import Testing

/// What the tables of a study say, against the values that they are made from.
@Suite struct StudyTableTests {
  private func rows(_ table: Table) -> [[String]] { table.rows.map { $0.map(\.text) } }

  private func column(_ table: Table, _ name: String) throws -> [String] {
    let index = try #require(table.columns.firstIndex(of: name), "\(name)")
    return rows(table).map { $0[index] }
  }

  private func four(_ value: Double) -> String { Table.Cell.number(value, decimals: 4).text }

  @Test func data() {
    #expect(
      rows(StudyFixture.planted.dataTable.table) == [
        ["training", "400", "200", "200", "30"], ["test", "400", "200", "200", "30"],
        ["scattered", "400", "200", "200", "30"],
      ])
    let user = rows(StudyFixture.user.dataTable.table)
    #expect(user.map { $0[0] } == ["training", "validation", "test"])
    #expect(user.reduce(0) { $0 + Int($1[1])! } == 800 && user.reduce(0) { $0 + Int($1[2])! } == 200)
  }

  @Test func positives() throws {
    let study = StudyFixture.planted
    let table = study.positivesTable
    #expect(table.columns == ["position", "A", "C", "G", "T"] && table.rows.count == 30)
    // Position 15 by hand.
    let bases = study.data.train.indices(label: 1).map { index in
      let sequence = study.data.train.sequences[index]
      return sequence[sequence.startIndex + 14]
    }
    let shares = (0..<4).map { base in Double(bases.count { $0 == base }) / Double(bases.count) }
    #expect(rows(table)[14] == ["15"] + shares.map { Table.Cell.number($0, decimals: 5).text })
  }

  @Test func networks() throws {
    let study = StudyFixture.planted
    let table = study.networkTable.table
    #expect(try column(table, "network") == ["one", "two"])
    #expect(try column(table, "convolutions") == ["4 × 12", "8 × 12"])
    // 12 · 4 weights and a bias for each filter, then the dense layer.
    #expect(try column(table, "parameters") == ["\(4 * 49 + 5)", "\(8 * 49 + 9)"])
    // 19 places, a multiplication and an addition for each weight.
    #expect(try column(table, "operations") == ["\(2 * 19 * 4 * 48 + 8)", "\(2 * 19 * 8 * 48 + 16)"])
    for (network, name) in zip(study.networks, ["one", "two"]) {
      let index = name == "one" ? 0 : 1
      let labels = study.data.test.labels
      let right = zip(network.logits, labels).count { ($0 > 0) == ($1 == 1) }
      #expect(try column(table, "accuracy")[index] == four(Double(right) / 400))
      let sides = [0, 1].map { label in
        Double(zip(network.logits, labels).count { $1 == label && ($0 > 0) == (label == 1) }) / 200
      }
      #expect(try column(table, "balanced_accuracy")[index] == four((sides[0] + sides[1]) / 2))
    }
    #expect(try column(table, "epochs") == ["3", "3"] && column(table, "windows") == ["19", "19"])
    let user = StudyFixture.user.networkTable.table
    #expect(try column(user, "scattered_accuracy") == ["", ""] && column(user, "ceiling") == ["", ""])
    #expect(try column(user, "epochs") == StudyFixture.user.networks.map { "\($0.learning.bestEpoch!)" })
  }

  @Test func learning() throws {
    let table = StudyFixture.planted.learningTable
    #expect(try column(table, "epoch") == ["1", "2", "3", "1", "2", "3"])
    #expect(try column(table, "network") == ["one", "one", "one", "two", "two", "two"])
    #expect(
      try column(table, "validation_loss")[5]
        == Table.Cell(StudyFixture.planted.networks[1].learning.epochs[2].validationLoss, decimals: 6).text)
  }

  @Test func predictions() throws {
    let study = StudyFixture.user
    let table = study.predictionTable
    #expect(table.columns == ["name", "label", "one", "two"] && table.rows.count == study.data.test.count)
    #expect(try column(table, "name")[3] == study.data.test.name(3))
    #expect(try column(table, "two")[3] == four(Double(study.networks[1].logits[3])))
  }

  @Test("filters.tsv is that of motifkit filters") func filters() throws {
    for study in [StudyFixture.planted, StudyFixture.user] {
      let alone = try FilterAnalysis(
        study.filters.network.network, on: study.data.test.labeled, targets: study.filters.analysis.targets,
        seed: study.options.seed, naming: NamingOptions(families: study.enrichment.map { $0.family }))
      #expect(study.filterTable.table == FilterReport(alone).table)
      #expect(study.filterTable.table.columns.suffix(3) == ["hits", "rule", "best_match_name"])
    }
    let table = StudyFixture.user.filterTable.table
    let reading = StudyFixture.user.filters.reading
    for filter in reading.motifs.indices {
      #expect(try column(table, "best_match")[filter] == reading.names[filter]?.best.target.identifier ?? "")
      #expect(try column(table, "best_match_name")[filter] == reading.names[filter]?.best.target.name ?? "")
      #expect(try column(table, "consensus")[filter] == reading.consensus(filter))
      #expect(
        try column(table, "auroc")[filter]
          == Table.Cell(reading.enrichment[filter]?.rank.auroc, decimals: 4).text)
    }
    #expect(try column(StudyFixture.noise.filterTable.table, "best_match").allSatisfy(\.isEmpty))
  }

  @Test("without anything to compare with there is no table of matches") func matches() throws {
    #expect(StudyFixture.noise.matchTable == nil)
    let planted = try #require(StudyFixture.planted.matchTable?.table)
    #expect(planted.columns[2] == "matching_FOXO1")
    #expect(
      try column(planted, "matching_FOXO1")
        == StudyFixture.planted.filterResults.map { "\($0.matching.count)" })
    let user = try #require(StudyFixture.user.matchTable?.table)
    #expect(user.columns[2] == "named" && !user.columns.contains { $0.contains("FOXO1") })
    for (place, result) in StudyFixture.user.filterResults.enumerated() {
      #expect(try column(user, "named")[place] == "\(result.named.count)")
      // Among many motifs only a match that counts is shown.
      #expect(try column(user, "best_filter")[place].isEmpty == result.named.isEmpty)
    }
    #expect(StudyFixture.user.knownMatchTable == nil && StudyFixture.planted.knownMatchTable == nil)
  }

  @Test func weights() throws {
    let study = StudyFixture.planted
    let table = study.weightTable
    #expect(table.rows.count == study.filters.motifs.count * 12)
    let kernel = try study.filters.network.network.filter(1).weights
    #expect(
      rows(table)[12 + 4]
        == ["filter1", "5"] + kernel[4].map { Table.Cell.number(Double($0), decimals: 6).text })
  }

  @Test func correlations() {
    let study = StudyFixture.planted
    let table = rows(study.correlationTable)
    let count = study.filters.analysis.filters
    #expect(table.count == count * (count - 1) / 2 && table[0][..<2] == ["filter0", "filter1"])
    let redundancy = study.filters.analysis.redundancy
    #expect(table[0][2] == four(redundancy.weights[0, 1]) && table[0][6] == four(redundancy.maxima[1]))
  }

  @Test func pruning() throws {
    let study = StudyFixture.planted
    let table = study.pruningTable.table
    let filters = study.pruning.original.filters
    #expect(
      try column(table, "network") == ["original", "lossless"] + study.pruning.steps.map { _ in "pruned" })
    #expect(
      try column(table, "filters")[0] == "\(filters)" && column(table, "filters")[2] == "\(filters / 2)")
    #expect(try column(table, "accuracy")[2] == four(study.pruning.half.accuracy.value))
    #expect(try column(table, "accuracy_before_tuning")[0] == column(table, "accuracy")[0])
    #expect(try column(table, "auroc")[2] == four(try #require(study.pruning.half.auroc).value))
  }

  @Test func attributions() throws {
    let study = StudyFixture.planted
    let agreement = study.agreementTable.table
    #expect(try column(agreement, "network") == ["one", "two"])
    let entry = try #require(study.attribution.entry(.gradCAM, network: "two").agreement)
    #expect(try column(agreement, "grad-cam_share")[1] == four(entry.share))
    // The site has 12 of 30 positions.
    #expect(try column(agreement, "expected_share") == ["0.4000", "0.4000"])
    let profile = study.profileTable
    for method in AttributionResult.Method.allCases {
      let sum = try column(profile, method.rawValue).reduce(0) { $0 + Double($1)! }
      #expect(abs(sum - 1) < 0.001, "\(method)")
    }
    let maps = study.attributionTables
    #expect(maps.map(\.name) == ["saliency", "input-x-gradient", "grad-cam"])
    #expect(maps.allSatisfy { $0.columns.count == 32 && $0.rows.count == study.attribution.rows.count })
  }

  @Test("the audit's table is that of motifkit audit") func audit() throws {
    let study = StudyFixture.user
    #expect(StudyFixture.planted.auditTable == nil)
    var options = AuditOptions()
    options.motif = nil
    options.seed = study.options.seed
    let audit = try NetworkAudit(
      study.filters.network.network, on: study.data.test, train: study.data.train.sequences, options: options)
    #expect(try #require(study.auditTable).table == AuditReport(audit).table)
  }

  @Test("a study's folder has a table for each of its tables' names, each once") func names() {
    for study in [StudyFixture.planted, StudyFixture.user, StudyFixture.noise] {
      let names = study.tables.map(\.name)
      #expect(Set(names).count == names.count)
    }
    #expect(StudyFixture.planted.tables.contains { $0.name == "attribution" })
    #expect(!StudyFixture.user.tables.contains { $0.name == "attribution" })
  }

  @Test func composition() throws {
    let study = StudyFixture.user
    let rows = rows(try #require(study.compositionTable).table)
    let positives = study.data.train.indices(label: 1)
    // CG by hand.
    let shares = positives.map { index in
      let text = Array(Nucleotide.string(study.data.train.sequences[index]))
      return Double(zip(text, text.dropFirst()).count { $0 == "C" && $1 == "G" }) / Double(text.count - 1)
    }
    #expect(rows[0][0] == "G and C" && rows[7][0] == "CG")
    #expect(rows[7][1] == four(shares.reduce(0, +) / Double(shares.count)))
    let found = try #require(study.composition)
    let pairs = try #require(found.dinucleotides), network = try #require(study.networks[0].metrics.auroc)
    #expect(pairs.value > 0.5 && pairs.value < network.value)
    #expect(try #require(study.compositionFinding).contains("of \(Words.share(pairs.value)) ("))
    #expect(StudyFixture.planted.compositionTable == nil && StudyFixture.planted.factorTable == nil)
  }

  @Test("where composition tells more than any motif, the page says so") func biasedComposition() throws {
    let study = StudyFixture.biased
    let auroc = try #require(study.composition?.dinucleotides?.value)
    let row = try #require(study.factorTable?.rows.first)
    #expect(row.motif.identifier == "ISLAND" && row.auroc < auroc)
    #expect(
      try #require(study.enrichmentFinding).hasSuffix(
        "The frequencies of dinucleotides alone tell more (AUROC \(Words.share(auroc))) than it (\(Words.share(row.auroc))): motifs of the bases that one class has more of have more sites there by chance."
      ))
    #expect(study.filters.named.isEmpty)
    #expect(StudyFixture.user.enrichmentFinding?.contains("alone tell more") == false)
  }

  @Test func enrichment() throws {
    let study = StudyFixture.user
    let table = try #require(study.factorTable)
    let rows = rows(table.table)
    #expect(rows.first?[0] == "F<1>")
    let enrichment = try #require(study.enrichment)
    #expect(enrichment.positives.count == 200 && enrichment.negatives.count == 600)
    let factor = try #require(enrichment.factors.first)
    // The site is planted at 9 to 20 of 30: its middle is that of the sequence.
    let near = factor.offsets.count { $0 == 0 }
    #expect(2 * near > factor.offsets.count)
    #expect(factor.offsets.count == enrichment.results[factor.motif].threshold?.positives)
    #expect(try #require(study.enrichmentFinding).contains("FOX&O"))
    #expect(StudyFixture.noise.enrichment == nil)
    let name = try #require(study.headline?.name)
    #expect(name.best.target.identifier == motifs(of: factor).first)
    #expect(study.digest(page: "").match?.motif == motifs(of: factor).first)
    func motifs(of factor: DatabaseEnrichment.Factor) -> [String] {
      enrichment.family(of: enrichment.motifs[factor.motif]).map(\.identifier)
    }
  }
}
