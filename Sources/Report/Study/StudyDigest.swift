import Evaluation
import Foundation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

/// What a study found, in a few numbers: what the program prints.
public struct StudyDigest: Codable, Equatable, Sendable {
  public struct Entry: Codable, Equatable, Sendable {
    public var name: String
    public var parameters: Int
    public var accuracy: Estimate
    public var balancedAccuracy: Double
    public var auroc: Estimate?
    /// The best accuracy that is possible for it, for planted data.
    public var ceiling: Double?
    /// Accuracy when the site may stand anywhere, for planted data.
    public var scatteredAccuracy: Estimate?
  }

  /// A filter whose match counts.
  public struct Match: Codable, Equatable, Sendable {
    public var filter: String
    public var consensus: String
    public var motif: String
    public var name: String?
    public var pValue: Double
    public var eValue: Double
    /// How well the best hits of the filter's motif tell positives from negatives.
    public var auroc: Double?
    /// Names of others of its family, the likeliest first: which of them binds, sequences do not say.
    public var alike: [String]
  }

  /// A motif that tells positives from negatives by itself.
  public struct Enriched: Codable, Equatable, Sendable {
    public var motif: String
    public var name: String?
    /// log₁₀ of the E-value.
    public var log10EValue: Double
    /// Shares of the positives and of the negatives with a site.
    public var positives, negatives: Double
    /// Filters of the interpreted network that match it.
    public var filters: [String]
  }

  /// Half of the filters.
  public struct Pruned: Codable, Equatable, Sendable {
    public var filters: Int
    public var accuracyBefore: Double
    public var accuracy: Double
    public var aurocBefore: Double?
    public var auroc: Double?
  }

  public var page: String
  public var networks: [Entry]
  /// The network whose filters were read.
  public var interpreted: String
  /// The share of the test sequences that the more frequent class has.
  public var majority: Double
  /// The filter to name first; `nil` where no match counts.
  public var match: Match?
  /// The motifs found, each once, from the one that tells positives from negatives best.
  public var motifs: [Match]
  /// Known motifs that are enriched in the positives, the surest first, for a user's sequences and a database.
  public var enriched: [Enriched]?
  /// AUROC of the 16 dinucleotides' frequencies alone on the test sequences, for a user's sequences.
  public var compositionAUROC: Estimate?
  public var pruned: Pruned
  /// What the audit of the interpreted network says, for a user's sequences.
  public var audit: String?
  /// What is to say where the interpreted network is no better than chance.
  public var nothingLearned: String?
  /// What is to say of other networks that are no better than chance.
  public var othersAtChance: String?

  /// For people: a line for each network, what its filters are, and where the page is.
  public var text: String {
    let isImbalanced = majority > 0.6
    func share(_ value: Double?) -> Table.Cell { Table.Cell(value, decimals: 4) }
    func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
    let table = Table(
      "", networks,
      columns: [
        Column("network") { .text($0.name) }, Column("parameters") { .integer($0.parameters) },
        Column("accuracy") { share($0.accuracy.value) },
        Column("95 % interval") {
          .text("\(share($0.accuracy.low).text) to \(share($0.accuracy.high).text)")
        },
        Column("balanced") { isImbalanced ? share($0.balancedAccuracy) : .missing },
        Column("ceiling") { share($0.ceiling) }, Column("AUROC") { share($0.auroc?.value) },
      ])
    var lines = [table.text]
    if isImbalanced {
      lines.append("always naming the more frequent class: accuracy \(share(majority).text)\n")
    }
    lines += [nothingLearned, othersAtChance].compactMap { $0.map { $0 + "\n" } }
    if let match {
      lines.append(
        "\(interpreted): \(match.filter) (\(match.consensus)) is most like \(match.label), p = "
          + Words.plainProbability(match.pValue) + match.measure + "\n")
    }
    for other in motifs.dropFirst().prefix(4) where match != nil {
      lines.append(
        "  \(other.filter) (\(other.consensus)) is like \(other.label), p = \(Words.plainProbability(other.pValue))"
          + other.measure + "\n")
    }
    if let enriched, !enriched.isEmpty {
      let named = enriched.prefix(8).map { motif in
        "\(motif.name ?? motif.motif) (\(percent(motif.positives)) : \(percent(motif.negatives)))"
      }
      lines.append("enriched in positives : negatives: \(named.joined(separator: ", "))\n")
    }
    if let compositionAUROC {
      lines.append("dinucleotides alone: AUROC \(share(compositionAUROC.value).text)\n")
    }
    if nothingLearned == nil {
      var (measure, before, after) = ("accuracy", pruned.accuracyBefore, pruned.accuracy)
      if isImbalanced, let aurocBefore = pruned.aurocBefore, let auroc = pruned.auroc {
        (measure, before, after) = ("AUROC", aurocBefore, auroc)
      }
      lines.append(
        "\(interpreted) with \(pruned.filters) filters: \(measure) \(share(after).text), before \(share(before).text)\n"
      )
    }
    if let audit { lines.append(audit + "\n") }
    return (lines + [page]).joined() + "\n"
  }
}

extension StudyDigest.Match {
  /// Identifier, the name where the database has one, and the family.
  fileprivate var label: String {
    let names =
      (name.map { $0 == motif ? [] : [$0] } ?? []) + (alike.isEmpty ? [] : ["also \(Words.few(alike))"])
    return names.isEmpty ? motif : "\(motif) (\(names.joined(separator: "; ")))"
  }

  fileprivate var measure: String {
    auroc.map { String(format: ", AUROC %.3f", $0) } ?? ""
  }
}

extension Study {
  public func digest(page: String) -> StudyDigest {
    let isPlanted = data.planted != nil
    func match(_ filter: Int) -> StudyDigest.Match {
      let name = filters.names[filter]!
      let best = name.best
      return StudyDigest.Match(
        filter: filters.motifs[filter].name, consensus: filters.reading.consensus(filter),
        motif: best.target.identifier, name: best.target.name, pValue: best.match.pValue,
        eValue: best.match.eValue,
        auroc: isPlanted ? nil : filters.reading.enrichment[filter]?.rank.auroc,
        alike: name.alike.map(\.displayName))
    }
    return StudyDigest(
      page: page,
      networks: networks.map { network in
        StudyDigest.Entry(
          name: network.name, parameters: network.network.architecture.parameterCount,
          accuracy: network.accuracy, balancedAccuracy: network.balancedAccuracy,
          auroc: network.metrics.auroc,
          ceiling: network.ceiling?.accuracy.value, scatteredAccuracy: network.scatteredAccuracy)
      },
      interpreted: filters.network.name, majority: data.majority,
      match: headline.map { match($0.motif.filter) },
      motifs: isPlanted ? [] : filters.distinct.map(match),
      enriched: factorTable?.rows.map { row in
        StudyDigest.Enriched(
          motif: row.motif.identifier, name: row.motif.name, log10EValue: row.log10EValue,
          positives: row.positiveShare, negatives: row.negativeShare, filters: row.filters)
      }, compositionAUROC: composition?.dinucleotides,
      pruned: StudyDigest.Pruned(
        filters: pruning.half.filters, accuracyBefore: pruning.original.accuracy.value,
        accuracy: pruning.half.accuracy.value, aurocBefore: pruning.original.auroc?.value,
        auroc: pruning.half.auroc?.value), audit: auditVerdict, nothingLearned: learnedNothing,
      othersAtChance: othersAtChance)
  }
}
