import Foundation
import Motifs
import Statistics

/// The verdicts: each compares one end of an interval with a number of the options.
extension NetworkAudit {
  static func dataChecks(_ found: DuplicateAudit, _ metrics: ClassificationMetrics, _ options: AuditOptions)
    -> [AuditCheck]
  {
    let count = found.positives + found.negatives
    func share(_ number: Int) -> Double { Double(number) / Double(count) }
    func check(_ name: String, _ number: Int, _ text: String) -> AuditCheck {
      AuditCheck(
        name, counted: share(number),
        share(number) > options.tolerableDuplicates ? .failed : number > 0 ? .noted : .passed,
        "\(number) of \(count) sequences \(text)")
    }
    let rarer = min(found.positives, found.negatives)
    return [
      AuditCheck(
        "data.balance", counted: share(found.positives), share(rarer) < 0.1 ? .noted : .passed,
        "\(found.positives) positives, \(found.negatives) negatives"
          + (share(rarer) < 0.1 ? ": accuracy says little, look at AUPRC" : "")),
      check("data.duplicates", found.duplicates, "repeat an earlier one or its reverse complement"),
      check("data.conflicts", found.conflicts, "have a copy with the other label"),
    ]
      + (found.trained.map {
        [check("data.trained", $0, "are among those trained on, or their reverse complements are")]
      } ?? []) + [
        AuditCheck("network.accuracy", metrics.accuracy, .noted, "accuracy on these sequences")
      ] + (metrics.auroc.map { [AuditCheck("network.auroc", $0, .noted, "AUROC on these sequences")] } ?? [])
  }

  static func positionChecks(
    _ shift: ShiftAudit, _ motif: MotifResults?, _ metrics: ClassificationMetrics, _ options: AuditOptions
  ) -> [AuditCheck] {
    var checks: [AuditCheck] = []
    if let lost = shift.moving.auroc {
      checks.append(
        AuditCheck(
          "position.move", lost.difference, lost.difference.low > options.tolerableLoss ? .failed : .passed,
          "AUROC lost by moving sequences up to \(shift.range) bases, beside losing the same bases in place"
            + " (\(probability(lost.pValue)); accuracy changes by \(signed(-shift.moving.accuracy.difference.value, 3)))"
        ))
    }
    guard let motif else { return checks }
    let response = motif.response
    if let preference = response.relativePreference {
      checks.append(
        AuditCheck(
          "position.place", preference,
          preference.low > options.tolerablePreference ? .failed : .passed,
          "by how much more a planted site counts where the data have theirs than anywhere"))
    }
    if let periodogram = response.periodogram {
      let line = periodogram.lines.first { $0.period == periodogram.period }
      checks.append(
        AuditCheck(
          "position.period", counted: Double(periodogram.period), .noted,
          line.map {
            "a planted site's effect depends on its start modulo \($0.period)"
              + " (\(percent(periodogram.explained)) of the variance, \(probability($0.pValue)))"
          } ?? "a planted site's effect does not depend on its start modulo 2, 4 or 8"))
    }
    if let central = motif.central {
      checks.append(
        AuditCheck(
          "position.sites", counted: Double(central.hitsInRegion) / Double(central.hits), .noted,
          "of the positives' best sites start at the middle \(central.regionWidth) of"
            + " \(response.starts.count) places (\(probability(central.pValue)))"
            + (central.pValue < 0.001 && 2 * central.regionWidth <= response.starts.count
              ? ": position could be learned from these data" : "")))
    }
    if let ceilings = motif.ceilings {
      let nothing = ceilings.nothing.accuracy
      checks.append(
        AuditCheck(
          "position.ceiling", metrics.accuracy, metrics.accuracy.low > nothing.high ? .failed : .passed,
          "accuracy; at best \(number(nothing.value, 4)) without knowing the place,"
            + " \(number(ceilings.network.accuracy.value, 4)) with what this network can know of it,"
            + " \(number(ceilings.everything.accuracy.value, 4)) knowing it"))
    }
    return checks
  }

  static func contentChecks(
    _ strand: StrandAudit, _ composition: CompositionAudit?, _ motif: MotifResults?, _ options: AuditOptions
  ) -> [AuditCheck] {
    var checks = [
      AuditCheck(
        "strand.difference", strand.difference, .noted,
        "mean |f(x) − f(reverse complement)|"
          + (strand.reverseAUROC.map { "; AUROC of reverse complements \(number($0.value, 4))" } ?? ""))
    ]
    if let correlation = strand.correlation {
      checks.append(
        AuditCheck("strand.correlation", correlation, .noted, "correlation of both strands' logits"))
    }
    if let composition {
      if let surviving = composition.surviving {
        let isMost = surviving.low > options.tolerableComposition
        checks.append(
          AuditCheck(
            "composition.network", surviving, isMost ? .failed : .passed,
            "of AUROC − ½ survives a shuffle that keeps dinucleotides (AUROC"
              + " \(number(composition.dinucleotide.value, 4)); keeping bases only"
              + " \(number(composition.mononucleotide.value, 4)))"))
      }
      checks += [
        AuditCheck("composition.gc", composition.gc, .noted, "AUROC of the share of G and C alone"),
        AuditCheck(
          "composition.dinucleotides", composition.dinucleotides, .noted,
          "AUROC of a logistic regression on dinucleotides, cross-validated on these sequences"),
      ]
    }
    guard let audit = motif?.audit else { return checks }
    return checks + [
      AuditCheck(
        "motif.sufficient", audit.sufficiency, audit.sufficiency.low > 0 ? .passed : .failed,
        "logit gained by negatives from a planted site (\(signed(audit.gain.value, 2))), beside the site with its"
          + " letters shuffled (\(signed(audit.shuffledGain.value, 2)))"),
      AuditCheck(
        "motif.necessary", audit.necessity, audit.necessity.low > 0 ? .passed : .failed,
        "logit lost by positives whose best site is shuffled (\(signed(audit.loss.value, 2))), beside another window"
          + " shuffled (\(signed(audit.windowLoss.value, 2)))"),
    ]
  }

  private static func number(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  private static func signed(_ value: Double, _ decimals: Int) -> String {
    // No −0.00.
    let text = String(format: "%+.\(decimals)f", value)
    return Double(text) == 0 ? number(0, decimals) : text.replacingOccurrences(of: "-", with: "−")
  }

  private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }

  private static func probability(_ p: Double) -> String {
    p < 1e-300 ? "p < 1e-300" : String(format: "p = %.2g", p)
  }
}
