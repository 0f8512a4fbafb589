import Evaluation
import Figures
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

extension Study {
  /// Filters that the page shows over the motif that the study is about: those that match it, or the best one.
  var shownMatches: [Int] {
    let most = data.planted == nil ? 2 : 4
    return Array(
      (filters.matching.isEmpty ? Array(filters.ranking.prefix(1)) : filters.matching).prefix(most))
  }

  /// Filters that the page shows over motifs of the database: the best of each name.
  var shownDatabaseMatches: [Int] { options.database == nil ? [] : Array(filters.distinct.prefix(4)) }

  /// Pictures of the interpreted network's filters.
  var filterPictures: [StudyDrawing] {
    let name = filters.network.name
    let redundancy = filters.analysis.redundancy
    let steps = [pruning.original] + pruning.steps
    let measure = Words.capitalized(pruning.measure.word)
    var course = EstimatePlot(
      steps.map { step in
        EstimatePlot.Item(
          "\(step.filters)",
          [
            EstimatePlot.Estimate(step.valueBefore(pruning.measure)),
            EstimatePlot.Estimate(step.value(pruning.measure)),
          ])
      }, series: ["pruned", "fine-tuned"], title: "\(measure) by number of filters",
      valueLabel: pruning.measure.word)
    course.itemLabel = "filters"
    return [
      StudyDrawing(.filters, filters.analysis.logos, alt: "Logos of all filters of \(name)"),
      StudyDrawing(.filterWeights, filters.analysis.heatMap, alt: "Weights of all filters of \(name)"),
    ] + matchPictures + [
      StudyDrawing(
        .redundancyWeights, CorrelationMap(weights: redundancy),
        alt: "Correlation of the filters by their weights, with the tree of filters"),
      StudyDrawing(
        .redundancyActivations, CorrelationMap(activations: redundancy),
        alt: "Correlation of the filters by their activations, with the tree of filters"),
      StudyDrawing(
        .pruning, course,
        alt: "\(measure) of the network with fewer and fewer filters, before and after fine-tuning"),
    ]
  }

  private var matchPictures: [StudyDrawing] {
    var pictures: [StudyDrawing] = []
    if let known = filters.known {
      pictures = shownMatches.map { filter in
        aligned(.knownMatch(filter: filters.motifs[filter].name), filter, known.matches[filter]!, known.motif)
      }
    }
    return pictures
      + shownDatabaseMatches.map { filter in
        let best = filters.names[filter]!.best
        return aligned(
          .databaseMatch(filter: filters.motifs[filter].name), filter, best.match, best.target)
      }
  }

  private func aligned(
    _ picture: StudyPicture, _ filter: Int, _ match: MotifMatch, _ target: Motif
  ) -> StudyDrawing {
    let name = filters.motifs[filter].name
    return StudyDrawing(
      picture,
      AlignedLogos(
        query: filters.motifs[filter].frequencies.rows, queryName: name, target: target.frequencies.rows,
        targetName: target.displayName, offset: match.offset, isReversed: match.orientation == .reverse,
        note: "p = \(Words.plainProbability(match.pValue))"),
      alt: "Logo of \(name) over the logo of \(target.displayName)")
  }
}
