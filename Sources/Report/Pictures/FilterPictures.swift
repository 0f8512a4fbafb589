import Evaluation
import Figures
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Statistics
import Study

extension Study {
  /// Filters that the page shows over the study's motif.
  var shownMatches: [Int] { Array(filters.ranking.prefix(data.planted == nil ? 2 : 4)) }

  /// Pictures of the interpreted network's filters.
  var filterPictures: [Picture] {
    let name = filters.network.name
    let notes = filters.motifs.map { note($0.filter) }
    var pictures = [
      Picture(
        "filters",
        LogoGrid(
          filters.motifs.map { filter in
            LogoGrid.Item(
              filter.name, frequencies: filter.hasMotif ? filter.frequencies.rows : [],
              note: notes[filter.filter],
              isFaded: details.isDead(filter.filter))
          }), alt: "Logos of all filters of \(name)"),
      Picture(
        "filter-weights",
        FilterHeatMap(
          filters.motifs.map { filter in
            FilterHeatMap.Item(
              filter.name, weights: weights(filter.filter), note: notes[filter.filter],
              isFaded: details.isDead(filter.filter))
          }), alt: "Weights of all filters of \(name)"),
    ]
    for filter in shownMatches {
      pictures.append(
        Picture(
          "match-\(filters.motifs[filter].name)",
          alignedLogos(filter, filters.matches[filter]!, filters.target),
          alt: "Logo of \(filters.motifs[filter].name) over the logo of \(filters.target.displayName)"))
    }
    if let database = filters.database {
      for filter in shownDatabaseMatches {
        let (match, target) = database[filter]!
        pictures.append(
          Picture(
            "database-\(filters.motifs[filter].name)", alignedLogos(filter, match, target),
            alt: "Logo of \(filters.motifs[filter].name) over the logo of \(target.displayName)"))
      }
    }
    return pictures + redundancyPictures
  }

  /// The filters with the best matches in the database, each target once.
  var shownDatabaseMatches: [Int] {
    guard let database = filters.database else { return [] }
    var seen: Set<String> = []
    let matching = filters.bestRanking.filter { filters.isSignificant(database[$0]!.match, of: $0) }
    return Array(matching.filter { seen.insert(database[$0]!.target.identifier).inserted }.prefix(4))
  }

  private func alignedLogos(_ filter: Int, _ match: MotifMatch, _ target: Motif) -> AlignedLogos {
    AlignedLogos(
      query: filters.motifs[filter].frequencies.rows, queryName: filters.motifs[filter].name,
      target: target.frequencies.rows, targetName: target.displayName, offset: match.offset,
      isReversed: match.orientation == .reverse, note: "p = \(Words.plainProbability(match.pValue))")
  }

  private var redundancyPictures: [Picture] {
    let redundancy = details.redundancy
    let count = redundancy.filters
    let names = filters.motifs.map(\.name)
    func rows(_ values: [Double]) -> [[Double]] {
      (0..<count).map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    let maxima = rows(redundancy.maxima)
    let byActivation = HierarchicalClustering(
      distances: maxima.map { row in row.map { 1 - $0 } }, linkage: .complete)
    let steps = [pruning.original] + pruning.steps
    return [
      Picture(
        "redundancy-weights",
        CorrelationMap(
          rows(redundancy.weights.correlation), names: names, linkage: redundancy.clustering.steps,
          cut: 1 - redundancy.threshold),
        alt: "Correlation of the filters by their weights, with the tree of filters"),
      Picture(
        "redundancy-activations",
        CorrelationMap(maxima, names: names, linkage: byActivation.steps, cut: 1 - redundancy.threshold),
        alt: "Correlation of the filters by their activations, with the tree of filters"),
      Picture(
        "pruning",
        EstimatePlot(
          steps.map { step in
            EstimatePlot.Item(
              "\(step.filters)",
              [EstimatePlot.Estimate(step.accuracyBefore), EstimatePlot.Estimate(step.accuracy)])
          }, series: ["pruned", "trained on"], title: "Accuracy by number of filters", valueLabel: "accuracy"),
        alt: "Accuracy of the network with fewer and fewer filters, before and after training on"),
    ]
  }

  /// What is to say of a filter in a picture: dead, a duplicate, or what it matches.
  private func note(_ filter: Int) -> String {
    if details.isDead(filter) { return "dead" }
    guard let best = filters.best(filter), filters.isSignificant(best.match, of: filter) else { return "" }
    return best.target.displayName
  }

  /// Weights of a filter, position by position.
  private func weights(_ filter: Int) -> [[Double]] {
    guard let weights = try? filters.network.network.filter(filter).weights else { return [] }
    return weights.map { $0.map(Double.init) }
  }
}
