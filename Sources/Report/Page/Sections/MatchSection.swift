import Interpretation
import Motifs
import Runtime
import Statistics
import Study

extension Study {
  private struct MatchBlock: Sendable {
    let heading: String?
    let text: String
    let figures: [PageFigure]
  }

  private struct MatchContext: Sendable {
    let blocks: [MatchBlock]
    let table: PageTable
    let null, distance, counting: String
  }

  /// What the filters match; only where there is something to compare with.
  func matchSection(_ pictures: StudyPictures) -> PageSection {
    let known = filters.known
    let isPlanted = data.planted != nil
    let database = options.database.map { databaseBlock($0.path.fileName, $0.motifs, pictures) }
    let expected = known.map { knownBlock($0, pictures) }
    let blocks = (isPlanted ? [expected, database] : [database, expected]).compactMap { $0 }
    let count = known.map { Column<FilterResult>.matching($0.motif) } ?? .named
    return PageSection(
      .match, title: isPlanted ? "Is it \(known!.motif.displayName)?" : "Which factors are they?",
      shortTitle: "Match",
      template: """
        <p>Each filter’s motif was laid over a known motif in every possible way, on both strands, and the best placement
        was judged by how alike the columns are. The <i>p</i>-value says how often a motif that has nothing to do with
        the known one would fit as well.</p>
        {{#blocks}}
        {{#heading}}<h3>{{heading}}</h3>{{/heading}}
        <p>{{text}}</p>
        <div class="pair">
        {{#figures}}
        {{> figure}}
        {{/figures}}
        </div>
        {{/blocks}}
        <h3>The filters of all networks</h3>
        {{#table}}
        {{> table}}
        {{/table}}
        <p>Where these <i>p</i>-values come from: Tomtom’s method (Gupta et al. 2007) with {{distance}} of columns.
        {{null}} <i>E</i> is <i>p</i> times the number of motifs compared with. A match counts where
        {{{counting}}}: flat columns fit the flat parts of any motif.</p>
        """,
      context: MatchContext(
        blocks: blocks,
        table: PageTable(
          matchTable!,
          shown: [
            .network, .filters, count, .best, .consensus,
            .match.shown { $0.bestName?.displayName.htmlEscaped }, .p, .offset, .strand,
          ]),
        null: options.database == nil
          ? """
          A single target tells nothing about chance, so the null distribution is that of \(filters.analysis.null), drawn \
          from a Dirichlet mixture that resembles the motifs of databases.
          """
          : "The null distribution is that of the columns of \(filters.known?.null ?? filters.analysis.null).",
        distance: options.distance.words, counting: countingWords))
  }

  /// The motif that the study is about.
  private func knownBlock(_ known: FilterResult.KnownMotif, _ pictures: StudyPictures) -> MatchBlock {
    let name = filters.network.name
    let matching = filters.matching.count
    var text = "None of the filters of \(name) has a motif to compare."
    if let best = filters.ranking.first, let match = known.matches[best] {
      let filter = filters.motifs[best]
      text =
        matching > 0
        ? """
        The best is \(filter.name) (\(filters.reading.consensus(best))) with p = \(Words.probability(match.pValue)); in all, \
        \(Words.spelled(matching)) of the \(filters.motifs.count) filters of \(name) \(matching == 1 ? "has" : "have") a match \
        that counts, with p ≤ \(Words.probability(filters.analysis.namingRule.greatestEValue)), which chance alone would do in \
        one of twenty studies.
        """
        : """
        None of the \(filters.motifs.count) filters of \(name) has a match that counts; the best is \(filter.name) with p = \
        \(Words.probability(match.pValue)).
        """
    }
    return MatchBlock(
      heading: data.planted == nil || options.database != nil
        ? "Against \(known.motif.displayName) (\(known.motif.identifier))" : nil,
      text: text,
      figures: shownMatches.compactMap { filter in
        figure(
          .knownMatch(filter: filters.motifs[filter].name), filter, known.matches[filter]!, known.motif,
          pictures)
      })
  }

  /// The motifs of the user's file: those found, each with the filter that tells positives from negatives best.
  private func databaseBlock(_ path: String, _ motifs: [Motif], _ pictures: StudyPictures) -> MatchBlock {
    var text = """
      Against all \(Words.count(motifs.count)) motifs of \(path), \(filters.named.isEmpty ? "none" : Words.spelled(filters.named.count)) of the \
      \(filters.motifs.count) filters of \(filters.network.name) \(filters.named.count < 2 ? "has" : "have") a match that counts.
      """
    let found = filters.distinct.prefix(8).map { filter -> String in
      let name = filters.names[filter]!
      let auroc = filters.reading.enrichment[filter].map { ", AUROC \(Words.share($0.rank.auroc))" } ?? ""
      let family = name.alike.isEmpty ? "" : "also \(Words.few(name.alike.map(\.displayName))); "
      return
        "\(name.best.target.displayName) (\(family)\(filters.motifs[filter].name), E = \(Words.probability(name.best.match.eValue))\(auroc))"
    }
    if !found.isEmpty { text += " Found: \(Words.list(found))." }
    if filters.distinct.contains(where: { !filters.names[$0]!.alike.isEmpty }) {
      text += """
         Of known motifs that fit a filter and have their sites in the same places, as members of a family do, the first named \
        is the one that tells positives from negatives best. Which member binds, sequences alone do not say.
        """
    }
    if let known = filters.known?.motif, motifs.contains(where: { $0.identifier == known.identifier }) {
      let same = filters.named.count { filters.names[$0]!.best.target.identifier == known.identifier }
      text +=
        " \(same == 0 ? "None" : Words.capitalized(Words.spelled(same))) of them \(same == 1 ? "is" : "are") named after \(known.identifier) itself."
    }
    return MatchBlock(
      heading: "Against a whole database", text: text,
      figures: shownDatabaseMatches.compactMap { filter in
        let best = filters.names[filter]!.best
        return figure(
          .databaseMatch(filter: filters.motifs[filter].name), filter, best.match, best.target, pictures)
      })
  }

  private func figure(
    _ picture: StudyPicture, _ filter: Int, _ match: MotifMatch, _ target: Motif, _ pictures: StudyPictures
  ) -> PageFigure? {
    pictures(
      picture,
      """
      <b>\(filters.motifs[filter].name)</b> over \(target.displayName.htmlEscaped)\
      \(match.orientation == .reverse ? ", read on the other strand" : ""): \(match.overlap) positions, \
      <i>p</i> = \(Words.probability(match.pValue)), <i>E</i> = \(Words.probability(match.eValue))
      """)
  }
}

extension Comparison.Distance {
  /// How columns are compared, in words.
  fileprivate var words: String {
    switch self {
    case .euclidean: "Euclidean distances"
    case .pearson: "Pearson correlations"
    case .sandelin: "Sandelin and Wasserman’s similarities"
    case .kullback: "Kullback–Leibler divergences"
    case .allr: "average log-likelihood ratios"
    case .blic1, .blic5: "Bayesian likelihood scores (\(rawValue))"
    case .llr1, .llr5: "log-likelihood ratios (\(rawValue))"
    }
  }
}
