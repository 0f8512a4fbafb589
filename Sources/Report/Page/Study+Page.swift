import Evaluation
import Interpretation
import Motifs
import Runtime
import Statistics
import Study

extension Study {
  /// The page: data, networks, ceilings, filters, match, pruning, attribution, provenance.
  func page(_ pictures: PagePictures, recipe: String) -> Page {
    Page(
      title: title, lead: lead, facts: facts,
      sections: [
        dataSection(pictures), networksSection(pictures), positionSection(pictures),
        filtersSection(pictures), matchSection(pictures), pruningSection(pictures),
        attributionSection(pictures),
        provenanceSection(command: recipe),
      ],
      seed: options.seed)
  }

  private var title: String {
    let subject = data.name
    return networks.count == 1
      ? "What a network learned about \(subject)"
      : "What \(Words.spelled(networks.count)) networks learned about \(subject)"
  }

  private var lead: String {
    let subject =
      data.planted.map { "sequences with a \($0.motif.displayName) site from random ones" }
      ?? "positive sequences from negative ones"
    return """
      \(networks.count == 1 ? "A convolutional network was" : "\(Words.capitalized(Words.spelled(networks.count))) convolutional networks were") \
      trained to tell \(subject). This page shows how well \(networks.count == 1 ? "it does" : "they do") it, which motifs \
      the filters became, which filters are not needed, and which bases decide.
      """
  }

  private var facts: [(number: String, text: String)] {
    let best = bestNetwork
    var facts = [
      (
        Words.share(best.accuracy.value),
        "accuracy of the best network, \(best.name), on test sequences"
          + (best.ceiling.map { "; at most \(Words.share($0.accuracy.value)) is possible for it" } ?? "")
      ),
      (
        Words.share(best.scatteredAccuracy.value),
        data.planted == nil
          ? "accuracy of \(best.name) when the sequences are turned round"
          : "accuracy of \(best.name) when the site may stand anywhere"
      ),
    ]
    if let filter = filters.bestRanking.first, let best = filters.best(filter) {
      facts.append(
        (
          Words.probability(best.match.pValue),
          "is the p-value of the match of \(filters.motifs[filter].name) of \(filters.network.name) with \(best.target.displayName)"
        ))
    }
    let fewest = pruning.fewest(costing: 0.005)
    facts.append(
      (
        "\(fewest.filters) of \(pruning.original.filters)",
        "filters are enough for \(filters.network.name): accuracy \(Words.share(fewest.accuracy.value)) instead of"
          + " \(Words.share(pruning.original.accuracy.value))"
      ))
    if let agreement = attribution.entry(.saliency, network: filters.network.name).agreement {
      facts.append(
        (
          Words.percent(agreement.share),
          "of the saliency of \(filters.network.name) lies on the planted site, \(Words.percent(agreement.expectedShare)) of the bases"
        ))
    }
    return facts
  }
}
