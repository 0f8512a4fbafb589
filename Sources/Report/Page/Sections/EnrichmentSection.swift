import Figures
import Motifs
import Runtime
import Sequences
import Statistics
import Study

extension Study {
  private struct EnrichmentContext: Sendable {
    let text: String
    let figure: PageFigure?
    let table: PageTable?
  }

  /// Known motifs in the sequences themselves, to lay beside what the networks learned.
  func enrichmentSection(_ pictures: StudyPictures) -> PageSection {
    let table = factorTable!
    return PageSection(
      .enrichment, title: "Which known motifs are there?", shortTitle: "Enrichment",
      template: """
        <p>{{text}}</p>
        {{#figure}}
        {{> figure}}
        {{/figure}}
        {{#table}}
        {{> table}}
        <p>A sequence counts by its best hit on either strand; positives and negatives are the shares whose hit reaches the
        motif’s best threshold. <i>E</i> is the <i>p</i> of Fisher’s exact test, adjusted for the thresholds tried, times the
        number of motifs. Shown are motifs with <i>E</i> ≤ 0.05 that positives have twice as often at least; central <i>E</i> the same of the sites’ nearness to the middle (CentriMo’s test, Bailey &amp; Machanick
        2012). Motifs with the same sites, as members of a family have them, stand in one row: first the one whose best hits have the
        greatest AUROC, for the matrix that sites follow tells them best; which member binds, sequences alone do not say. Filters are those of the network
        that is read whose motif matches one of them.</p>
        {{/table}}
        """,
      context: EnrichmentContext(
        text: enrichmentFinding ?? "",
        figure: pictures(
          .sites,
          """
          <b>Where the sites lie.</b> Share of the positives with a motif’s best site in each stretch of \
          \(binWidth) bases, by its distance from the middle of the sequence.
          """),
        table: table.rows.isEmpty ? nil : PageTable(table, shown: table.columns)))
  }

  /// What the enrichment says, in one or two sentences; `nil` without a database.
  package var enrichmentFinding: String? {
    guard let enrichment, let table = factorTable else { return nil }
    let counts =
      "\(Words.count(enrichment.positives.count)) positives from \(Words.count(enrichment.negatives.count)) negatives"
    guard !table.rows.isEmpty else {
      return
        "None of the \(Words.count(enrichment.motifs.count)) motifs tells \(counts) with E ≤ 0.05 and twice as often."
    }
    let named = table.rows.prefix(6).map { row in
      "\(row.motif.displayName) (\(Words.percent(row.positiveShare)) of the positives, \(Words.percent(row.negativeShare)) of"
        + " the negatives)"
    }
    let learned = table.rows.filter { !$0.filters.isEmpty }.map(\.motif.displayName)
    let these = named.count == 1 ? "this motif tells" : "these motifs tell"
    let caution = betterComposition.map {
      " The frequencies of dinucleotides alone tell more (AUROC \(Words.share($0))) than \(named.count == 1 ? "it" : "any of them") (\(Words.share(table.rows.map(\.auroc).max()!))"
        + "\(named.count == 1 ? "" : " at most")): motifs of the bases that one class has more of have more sites there by chance."
    }
    return "Whatever the networks learned, \(these) \(counts) most surely: \(Words.list(named)). "
      + (learned.isEmpty
        ? "No filter of \(filters.network.name) matches \(named.count == 1 ? "it" : "any of them")."
        : "Filters of \(filters.network.name) match \(Words.list(learned)).")
      + (caution ?? "")
  }

  /// The AUROC of dinucleotides where no enriched motif has a greater one.
  var betterComposition: Double? {
    guard let best = factorTable?.rows.map(\.auroc).max(), let auroc = composition?.dinucleotides?.value,
      auroc > best
    else { return nil }
    return auroc
  }

  /// Bases of a stretch in the picture of the sites: 20 of them over the length.
  private var binWidth: Int { max(1, data.length / 20) }

  /// Where the sites of enriched motifs lie; `nil` where none is enriched.
  var sitePicture: StudyDrawing? {
    guard let enrichment, !enrichment.factors.isEmpty else { return nil }
    let (width, half) = (Double(binWidth), Double(data.length) / 2)
    let bins = Int((2 * half / width).rounded(.up))
    let series = enrichment.factors.prefix(5).map { factor in
      var counts = [Double](repeating: 0, count: bins)
      for offset in factor.offsets {
        counts[min(bins - 1, max(0, Int(((offset + half) / width).rounded(.down))))] += 1
      }
      return LinePlot.Series(
        enrichment.motifs[factor.motif].displayName,
        x: (0..<bins).map { (Double($0) + 0.5) * width - half },
        y: counts.map { $0 / Double(enrichment.positives.count) })
    }
    return StudyDrawing(
      .sites,
      LinePlot(
        title: "Where the sites lie", series: series, xLabel: "distance from the middle (bp)",
        yLabel: "share of positives"),
      alt: "Share of the positives with a site of each enriched motif, by its distance from the middle")
  }
}
