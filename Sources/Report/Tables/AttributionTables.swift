import Interpretation
import NeuralNetworks
import Runtime
import Sequences
import Study

extension Study {
  /// How well each method points to the planted sites, for each network.
  var agreementTable: Table {
    let methods = AttributionResult.Method.allCases
    var table = Table(
      "attribution",
      columns: ["network", "sequences", "expected_share"]
        + methods.flatMap { ["\($0.rawValue)_share", "\($0.rawValue)_auroc"] })
    for network in networks where attribution.entries.contains(where: { $0.network == network.name }) {
      let agreements = methods.compactMap { attribution.entry($0, network: network.name).agreement }
      guard agreements.count == methods.count else { continue }
      table.append(
        [
          .text(network.name), .integer(agreements[0].sequences),
          .number(agreements[0].expectedShare, decimals: 4),
        ] + agreements.flatMap { [.number($0.share, decimals: 4), .number($0.auroc, decimals: 4)] })
    }
    return table
  }

  /// What the maps show: a row for each sequence, a column for each position.
  var attributionTables: [Table] {
    let name = filters.network.name
    return AttributionResult.Method.allCases.map { method in
      let values =
        method == .inputXGradient ? attribution.scores : attribution.entry(method, network: name).magnitudes
      let rows = attribution.rows(of: values)
      return Table(
        method.rawValue, columns: ["sequence", "logit"] + (1...data.length).map(String.init),
        rows: rows.indices.map { row in
          [
            .text(attribution.sequences.name(row, among: attribution.rows)),
            .number(Double(attribution.logits[row]), decimals: 4),
          ] + rows[row].map { .number($0, decimals: 5) }
        })
    }
  }

  /// The mean of each method over the sequences, position by position.
  var profileTable: Table {
    let profiles = attributionProfiles
    return Table(
      "attribution_profile", columns: ["position"] + profiles.map(\.method.rawValue),
      rows: (0..<data.length).map { position in
        [.integer(position + 1)] + profiles.map { .number($0.values[position], decimals: 5) }
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
  var positivesTable: Table {
    Table(
      "positives", columns: ["position", "A", "C", "G", "T"],
      rows: data.train.frequenciesByPosition(label: 1).enumerated().map { position, row in
        [.integer(position + 1)] + row.map { .number($0, decimals: 5) }
      })
  }

  /// The weights of the interpreted network's filters.
  var weightTable: Table {
    var table = Table("filter_weights", columns: ["filter", "position", "A", "C", "G", "T"])
    for filter in filters.motifs {
      guard let weights = try? filters.network.network.filter(filter.filter).weights else { continue }
      for (position, row) in weights.enumerated() {
        table.append(
          [.text(filter.name), .integer(position + 1)] + row.map { .number(Double($0), decimals: 6) })
      }
    }
    return table
  }
}

extension SequenceSet {
  /// The name of a sequence drawn from a larger set, or its row there.
  func name(_ index: Int, among rows: [Int]) -> String {
    names.isEmpty ? "seq\(rows[index] + 1)" : names[index]
  }
}
