import Evaluation
import Figures
import Foundation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

/// Stability over seeds as tables, lines and a picture.
public struct StabilityReport: Sendable {
  public let stability: SeedStability
  /// What each cluster is named after; `nil` where no match counts.
  public let names: [MotifName?]

  /// - Parameter targets: known motifs that may give the clusters their names; none compares nothing.
  /// - Throws: `InputError` as comparing does.
  public init(_ stability: SeedStability, targets: [Motif] = [], seed: UInt64 = 0) throws {
    self.stability = stability
    names = try BestMatches(stability.clusters.map(\.merged), among: targets, seed: seed).names
  }

  /// A row for each cluster.
  public var table: Table {
    let clusters = stability.clusters
    return Table(
      "stability", Array(clusters.indices),
      columns: [
        Column("cluster") { .text(clusters[$0].merged.identifier) },
        Column("seeds") { .integer(clusters[$0].seeds.count) },
        Column("share") { .number(clusters[$0].share.value, decimals: 4) },
        Column("low") { .number(clusters[$0].share.low, decimals: 4) },
        Column("high") { .number(clusters[$0].share.high, decimals: 4) },
        Column("filters") { .integer(clusters[$0].filters) },
        Column("consensus") { .text(clusters[$0].merged.frequencies.consensus()) },
        Column("information_content") {
          .number(clusters[$0].merged.frequencies.informationContent.reduce(0, +), decimals: 2)
        },
        Column("best_match") { Table.Cell(names[$0]?.best.target.identifier) },
        Column("p") { Table.Cell(scientific: names[$0]?.best.match.pValue) },
        Column("best_match_name") { Table.Cell(names[$0]?.best.target.name) },
      ])
  }

  /// A row for each seed.
  public var seedTable: Table {
    Table(
      "seeds", stability.runs.runs,
      columns: [
        Column("seed") { .text(String($0.seed)) },
        Column("loss") { .number($0.metrics.loss.value, decimals: 6) },
      ]
        + metrics.map { metric in Column(metric.name) { Table.Cell($0.metrics.value(metric), decimals: 6) } }
        + [
          Column("filters") { .integer($0.filters) }, Column("with_motif") { .integer($0.motifs.count) },
        ])
  }

  /// What is shown of every seed, beside the loss.
  private var metrics: [Metric] {
    let objective = stability.runs.runs[0].metrics.objective
    return objective.isBinary
      ? [Metric(.accuracy), Metric(.auroc)] : objective.metrics.filter { $0.kind != .loss }
  }

  /// A row for each pair of seeds.
  public var pairTable: Table {
    let runs = stability.runs.runs
    return Table(
      "attributions", stability.pairs,
      columns: [
        Column("seed") { .text(String(runs[$0.first].seed)) },
        Column("other_seed") { .text(String(runs[$0.second].seed)) },
        Column("pearson") { .number($0.pearson, decimals: 6) },
        Column("cosine") { .number($0.cosine, decimals: 6) },
      ])
  }

  /// What is the same and what is not, in a few lines.
  public var text: String {
    let seeds = stability.runs.runs.count
    func line(_ name: String, _ spread: SeedStability.Spread?, _ note: String = "") -> String {
      guard let spread else { return "" }
      let numbers = [spread.mean, spread.deviation, spread.least, spread.greatest].map {
        Table.Cell.number($0, decimals: 4).text
      }
      return name.padding(toLength: 24, withPad: " ", startingAt: 0)
        + "\(numbers[0])  ± \(numbers[1])  \(numbers[2]) to \(numbers[3])\(note)\n"
    }
    var text = "\(seeds) seeds               mean    deviation  least to greatest\n"
    for metric in metrics { text += line(metric.name, stability.spread(of: metric)) }
    text += line("attributions, Pearson", stability.correlation)
    text += line("attributions, cosine", stability.cosine)
    text += line("most alike filter", stability.similarity)
    text += line("with shuffled columns", stability.nullSimilarity)
    if let matched = stability.matched {
      text +=
        "\(Words.percent(matched)) of the filters have a counterpart in another seed (above 95 % of the null)\n"
    }
    let always = stability.clusters.count { $0.seeds.count == seeds }
    text += "\(Words.counted(stability.clusters.count, "motif")), \(always) of them in every seed\n"
    for (index, cluster) in stability.clusters.prefix(10).enumerated() {
      let match = names[index].map(\.best).map {
        "  \($0.target.displayName)  p = \(Table.Cell.scientific($0.match.pValue).text)"
      }
      text +=
        "  \(cluster.merged.identifier)  \(cluster.seeds.count) of \(seeds) seeds  \(Words.counted(cluster.filters, "filter"))  "
        + "\(cluster.merged.frequencies.consensus())\(match ?? "")\n"
    }
    return text
  }

  /// What `write` leaves in a folder.
  public static let entries = [
    "stability.tsv", "seeds.tsv", "attributions.tsv", "stability.meme", "stability.png", "stability.svg",
  ]

  /// Writes `stability.tsv`, `seeds.tsv`, `attributions.tsv`, `stability.meme`, and `stability.png` and `.svg`, into a
  /// folder that is there.
  ///
  /// - Throws: `InputError` or `FigureError` naming the file that cannot be written.
  public func write(to folder: String, provenance: Provenance) throws {
    for table in [table, seedTable, pairTable] {
      try AtomicFile.write(table.tsv, to: "\(folder)/\(table.name).tsv")
    }
    let file = MotifFile(motifs: stability.clusters.map(\.merged), background: .uniform)
    try AtomicFile.write(file.text, to: "\(folder)/stability.meme")
    try FigureFiles(folder, provenance).write(
      picture, "stability", alt: "What comes back when the network is trained again")
  }

  private static let shown = 24

  private var picture: Panels {
    let seeds = stability.runs.runs.count
    let logos = LogoGrid(
      stability.clusters.prefix(Self.shown).enumerated().map { index, cluster in
        LogoGrid.Item(
          "\(cluster.seeds.count) of \(seeds)", frequencies: cluster.merged.frequencies.rows,
          note: names[index]?.best.target.displayName ?? "")
      }, title: "Motifs and how many seeds have them")
    let histogram = Histogram(
      [
        Histogram.Group("another seed", stability.matches),
        Histogram.Group("columns shuffled", stability.nullMatches),
      ], title: "The most similar filter", xLabel: "normalized correlation", yLabel: "filters")
    let metric = metrics[0]
    var course = EstimatePlot(
      stability.runs.runs.compactMap { run in
        run.metrics.value(metric).map { value in
          let interval = run.metrics.estimate(metric).map { $0.low...$0.high } ?? value...value
          return EstimatePlot.Item(String(run.seed), [EstimatePlot.Estimate(value, interval)])
        }
      }, title: "Test \(metric.label) by seed", valueLabel: metric.label)
    course.mark = .point
    course.itemLabel = "seed"
    return Panels([logos, Panels([histogram, course], columns: 2)], columns: 1)
  }
}

extension StabilityReport: Encodable {
  private enum Key: CodingKey {
    case clusters, seeds, accuracy, auroc, metrics, pearson, cosine, similarity, nullSimilarity, matched
  }

  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(table, forKey: .clusters)
    try object.encode(seedTable, forKey: .seeds)
    if stability.runs.runs[0].metrics.objective.isBinary {
      try object.encode(stability.spread(of: Metric(.accuracy)), forKey: .accuracy)
      try object.encode(stability.spread(of: Metric(.auroc)), forKey: .auroc)
    } else {
      let spreads = metrics.compactMap { metric in stability.spread(of: metric).map { (metric.name, $0) } }
      try object.encode(Dictionary(uniqueKeysWithValues: spreads), forKey: .metrics)
    }
    try object.encode(stability.correlation, forKey: .pearson)
    try object.encode(stability.cosine, forKey: .cosine)
    try object.encode(stability.similarity, forKey: .similarity)
    try object.encode(stability.nullSimilarity, forKey: .nullSimilarity)
    try object.encode(stability.matched, forKey: .matched)
  }
}
