import Evaluation
import Runtime
import Statistics
import Study

extension Study {
  private struct AuditContext: Sendable {
    let network, verdict, position: String
    let figure: PageFigure?
    let networks: PageTable
    let checks: PageTable?
  }

  /// Every check of the interpreted network; `nil` where it was not audited.
  package var auditTable: TypedTable<AuditCheck>? { filters.network.audit.map { AuditReport($0).checks } }

  /// What a network may have learned of a user's sequences besides a motif.
  func auditSection(_ pictures: StudyPictures) -> PageSection {
    PageSection(
      .audit, title: "Did it learn something else?", shortTitle: "Audit",
      template: """
        <p>A network may learn where things stand, how many G and C there are, or the sequences themselves instead of a
        motif. <code>motifkit audit</code> asks for each of these; the following are its answers for the test
        sequences. {{verdict}}</p>
        <h3>Where things stand</h3>
        <p>{{position}}</p>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#networks}}
        {{> table}}
        {{/networks}}
        <h3>All checks of {{network}}</h3>
        {{#checks}}
        {{> table}}
        {{/checks}}
        """,
      context: AuditContext(
        network: filters.network.name, verdict: auditVerdict ?? "", position: positionFinding,
        figure: pictures(
          .position,
          """
          <b>What moving costs.</b> Test sequences moved by a few bases against sequences that lost the same bases in \
          place; the bar is what the audit tolerates.
          """),
        networks: PageTable(networkTable, shown: [.network, .moved, .movedP, .verdict]),
        checks: auditTable.map { PageTable($0, shown: Column<AuditCheck>.onPage) }))
  }

  /// What the audit of the interpreted network says, in its own words.
  package var auditVerdict: String? {
    filters.network.audit.map { audit in
      let caution = learnedNothing == nil ? "" : ", which says little of a network that learned nothing"
      return
        "The audit of \(filters.network.name) says: \(audit.passed ? "nothing wrong found\(caution)" : audit.failure)."
    }
  }

  /// What the audits say of positions.
  private var positionFinding: String {
    let checks = networks.compactMap { network in
      network.audit?.checks.first { $0.name == "position.move" }.map { (network.name, $0) }
    }
    let failed = checks.filter { $0.1.verdict == .failed }
    guard let worst = failed.max(by: { $0.1.value < $1.1.value }) else {
      return checks.isEmpty
        ? "The sequences are too few to tell."
        : "The check position.move is passed by \(checks.count == 1 ? "the network" : "all networks"): none loses more"
          + " than is tolerated when sequences are moved."
    }
    return """
      The check position.move is not passed by \(Words.list(failed.map(\.0))): a part of what \
      \(failed.count == 1 ? "it knows" : "they know") is where things stand. For \(worst.0) it says: \
      \(Words.share(worst.1.value)) \(worst.1.text).
      """
  }
}

extension Column<AuditCheck> {
  static var onPage: [Column] {
    [
      Column("check", heading: "Check") { .text($0.name) },
      Column("value", heading: "Value") { .number($0.value, decimals: 3) },
      Column("interval", heading: "95&nbsp;% interval") { check in
        Table.Cell(
          check.low.flatMap { low in check.high.map { "\(Words.share(low)) to \(Words.share($0))" } })
      },
      Column("verdict", heading: "Verdict") { .text($0.verdict.rawValue) },
      Column("text", heading: "What was measured") { .text($0.text) },
    ]
  }
}
