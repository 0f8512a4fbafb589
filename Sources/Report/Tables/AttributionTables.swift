import Evaluation
import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Study

extension Study {
  /// How well each method points to the planted sites, for each network.
  package var agreementTable: TypedTable<AgreementRow> {
    let methods = AttributionResult.Method.allCases
    let rows = networks.compactMap { network -> AgreementRow? in
      guard attribution.entries.contains(where: { $0.network == network.name }) else { return nil }
      let agreements = methods.compactMap { attribution.entry($0, network: network.name).agreement }
      return agreements.count == methods.count
        ? AgreementRow(
          network: network.name, agreements: Dictionary(uniqueKeysWithValues: zip(methods, agreements)))
        : nil
    }
    return TypedTable(
      "attribution", rows,
      columns: [.network, .sequences, .expected] + methods.flatMap { [.share($0), .auroc($0)] })
  }

  /// What the maps show: a row for each sequence, a column for each position.
  package var attributionTables: [Table] {
    let name = filters.network.name
    return AttributionResult.Method.allCases.map { method in
      let values =
        method == .inputXGradient ? attribution.scores : attribution.entry(method, network: name).magnitudes
      let rows = attribution.rows(of: values)
      return Table(
        method.rawValue, Array(rows.indices),
        columns: [
          Column("sequence") { .text(attribution.sequences.name($0, among: attribution.rows)) },
          Column("logit") { .number(Double(attribution.logits[$0]), decimals: 4) },
        ]
          + (0..<data.length).map { position in
            Column(String(position + 1)) { .number(rows[$0][position], decimals: 5) }
          })
    }
  }

  /// The mean of each method over the sequences, position by position.
  package var profileTable: Table {
    let profiles = attributionProfiles
    return Table(
      "attribution_profile", Array(0..<data.length),
      columns: [Column("position") { .integer($0 + 1) }]
        + profiles.map { profile in
          Column(profile.method.rawValue) { .number(profile.values[$0], decimals: 5) }
        })
  }

  /// Each method's mean over the sequences as a share of the whole.
  var attributionProfiles: [(method: AttributionResult.Method, values: [Double])] {
    AttributionResult.Method.allCases.map { method in
      let magnitudes = attribution.entry(method, network: filters.network.name).magnitudes
      var sums = [Double](repeating: 0, count: data.length)
      for (place, value) in magnitudes.enumerated() { sums[place % data.length] += Double(value) }
      let total = sums.reduce(0, +)
      return (method, sums.map { total > 0 ? $0 / total : 0 })
    }
  }

  /// How frequent each base is at each position of the training positives.
  package var positivesTable: Table {
    let rows = data.train.frequenciesByPosition(label: 1)
    return Table(
      "positives", Array(rows.indices),
      columns: [Column("position") { .integer($0 + 1) }]
        + ["A", "C", "G", "T"].enumerated().map { base, name in
          Column(name) { .number(rows[$0][base], decimals: 5) }
        })
  }

  /// The weights of the interpreted network's filters.
  package var weightTable: Table {
    typealias Row = (filter: Int, position: Int, weights: [Double])
    let rows: [Row] = filters.analysis.weights.enumerated().flatMap { filter, weights in
      weights.enumerated().map { (filter, $0, $1) }
    }
    return Table(
      "filter_weights", rows,
      columns: [
        Column("filter") { .text("filter\($0.filter)") }, Column("position") { .integer($0.position + 1) },
      ]
        + ["A", "C", "G", "T"].enumerated().map { base, name in
          Column(name) { .number($0.weights[base], decimals: 6) }
        })
  }
}

/// How well each method points to the planted sites, for one network.
package struct AgreementRow {
  let network: String
  let agreements: [AttributionResult.Method: SiteAgreement]

  var any: SiteAgreement { agreements[.saliency]! }
}

extension Column<AgreementRow> {
  static var network: Column { Column("network", heading: "Network") { .text($0.network) } }
  static var sequences: Column { Column("sequences") { .integer($0.any.sequences) } }
  static var expected: Column {
    Column("expected_share", heading: "By chance") { .number($0.any.expectedShare, decimals: 4) }
  }
  static func share(_ method: AttributionResult.Method) -> Column {
    Column("\(method.rawValue)_share", heading: Words.capitalized(method.title)) {
      .number($0.agreements[method]!.share, decimals: 4)
    }
  }
  static func auroc(_ method: AttributionResult.Method) -> Column {
    Column("\(method.rawValue)_auroc", heading: "AUROC") {
      .number($0.agreements[method]!.auroc, decimals: 4)
    }
  }
}

extension SequenceSet {
  /// The name of a sequence drawn from a larger set, or its row there.
  func name(_ index: Int, among rows: [Int]) -> String {
    names.isEmpty ? "seq\(rows[index] + 1)" : names[index]
  }
}
