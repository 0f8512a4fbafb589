import Evaluation
import Interpretation
import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics
import Study

/// What the page says before its sections.
extension Study {
  var title: String {
    networks.count == 1
      ? "What a network learned about \(data.name)"
      : "What \(Words.spelled(networks.count)) networks learned about \(data.name)"
  }

  package var lead: String {
    let subject =
      data.planted.map { "sequences with a \($0.motif.displayName) site from random ones" }
      ?? "positive sequences from negative ones"
    let one = networks.count == 1
    return """
      \(one ? "A convolutional network was" : "\(Words.capitalized(Words.spelled(networks.count))) convolutional networks were") \
      trained to tell \(subject). \(learnedNothing.map { $0 + " " } ?? "")This page shows how well \
      \(one ? "it does" : "they do") it, which motifs the filters became, which filters are not needed, and which \
      bases decide.
      """
  }

  /// What is to say first where the network that is read is no better than chance.
  package var learnedNothing: String? {
    let network = filters.network
    guard data.planted == nil, !network.hasLearned else { return nil }
    let auroc = network.metrics.auroc.map {
      "the AUROC of \(network.name) on \(Words.count(data.test.count)) test sequences is \(Words.share($0.value))"
        + " (95 % interval \(Words.interval($0))), which chance alone would do"
    }
    let who =
      networks.contains(where: \.hasLearned) ? "\(network.name) learned nothing" : "Nothing was learned"
    return "\(who)\(auroc.map { ": \($0)" } ?? ""); what follows describes noise.\(remedy)"
  }

  /// What is to say of the networks beside the one that is read that are no better than chance.
  package var othersAtChance: String? {
    let others = networks.filter { !$0.hasLearned }
    guard data.planted == nil, learnedNothing == nil, !others.isEmpty else { return nil }
    let aurocs = others.compactMap { $0.metrics.auroc.map { Words.share($0.value) } }
    return "\(Words.list(others.map(\.name))) \(others.count == 1 ? "does" : "do") no better than chance"
      + (aurocs.isEmpty ? "" : " (AUROC \(Words.list(aurocs)))") + ".\(remedy)"
  }

  /// What may help networks that learned nothing because one class is rare.
  private var remedy: String {
    let training = options.training
    guard data.isImbalanced, training.classWeight == .none, training.balance == .none, training.focusing == 0
    else { return "" }
    return " Where one class is so much rarer, --balance batches or --class-weight balanced may help."
  }

  package var facts: [Page.Fact] {
    var facts = data.planted == nil ? userFacts : plantedFacts
    let fewest = pruning.fewest(costing: 0.005)
    // That all are needed is no finding, nor is how few are enough for a network that knows nothing.
    if fewest.filters < pruning.original.filters, learnedNothing == nil {
      facts.append(
        Page.Fact(
          "\(fewest.filters) of \(pruning.original.filters)",
          "filters are enough for \(filters.network.name): \(pruning.measure.word)"
            + " \(Words.share(fewest.value(pruning.measure).value)) instead of"
            + " \(Words.share(pruning.original.value(pruning.measure).value))"))
    }
    if let agreement = attribution.entry(.saliency, network: filters.network.name).agreement {
      facts.append(
        Page.Fact(
          Words.percent(agreement.share),
          "of the saliency of \(filters.network.name) lies on the planted site, \(Words.percent(agreement.expectedShare)) of the bases"
        ))
    }
    return facts
  }

  private var plantedFacts: [Page.Fact] {
    let best = bestNetwork
    var facts = [
      Page.Fact(
        Words.share(best.accuracy.value),
        "accuracy of the best network, \(best.name), on test sequences"
          + (best.ceiling.map { "; at most \(Words.share($0.accuracy.value)) is possible for it" } ?? ""))
    ]
    if let scattered = best.scatteredAccuracy {
      facts.append(
        Page.Fact(
          Words.share(scattered.value), "accuracy of \(best.name) when the site may stand anywhere"))
    }
    if let match = headline {
      facts.append(
        Page.Fact(
          Words.probability(match.name.best.match.pValue),
          "is the p-value of the match of \(match.motif.name) of \(filters.network.name) with \(match.name.best.target.displayName)"
        ))
    }
    return facts
  }

  private var userFacts: [Page.Fact] {
    let network = filters.network
    var facts: [Page.Fact] = []
    if let auroc = network.metrics.auroc {
      facts.append(
        Page.Fact(
          Words.share(auroc.value),
          "AUROC of \(network.name) on test sequences (95\u{A0}% interval \(Words.interval(auroc))); 0.5 is chance"
            + (composition?.dinucleotides.map {
              ", \(Words.share($0.value)) what the frequencies of dinucleotides give"
            } ?? "")))
    }
    // A majority that is always guessed has a high accuracy, and half the balanced one.
    if data.isImbalanced {
      facts.append(
        Page.Fact(
          Words.share(network.balancedAccuracy),
          "balanced accuracy of \(network.name); its accuracy is \(Words.share(network.accuracy.value)), and whoever"
            + " always names the more frequent class has \(Words.share(data.majority))"))
    } else {
      facts.append(
        Page.Fact(
          Words.share(network.accuracy.value),
          "accuracy of \(network.name); \(Words.share(data.majority)) is what naming one class always gives"))
    }
    if let match = headline {
      let auroc = filters.reading.enrichment[match.motif.filter]?.rank.auroc
      let best = match.name.best
      facts.append(
        Page.Fact(
          best.target.displayName,
          "is what \(match.motif.name) of \(network.name) found, E = \(Words.probability(best.match.eValue))"
            + (auroc.map { "; its best hits alone have an AUROC of \(Words.share($0))" } ?? "")
            + (match.name.alike.isEmpty
              ? ""
              : "; sequences do not tell it from its family: \(Words.few(match.name.alike.map(\.displayName)))")
        ))
    }
    if let factor = factorTable?.rows.first {
      facts.append(
        Page.Fact(
          factor.motif.displayName,
          "is the known motif that tells the classes apart most surely: in \(Words.percent(factor.positiveShare)) of the"
            + " positives and \(Words.percent(factor.negativeShare)) of the negatives"
            + (betterComposition == nil ? "" : ", less than their dinucleotides alone tell")))
    }
    if let audit = network.audit {
      facts.append(
        Page.Fact(
          audit.passed ? "nothing" : "\(audit.checks.count { $0.verdict == .failed })",
          audit.passed
            ? "wrong was found by the audit of \(network.name)"
            : "of the audit’s \(audit.checks.count) checks of \(network.name) failed"))
    }
    return facts
  }

  /// The filter to name first: of planted data the one with the best match, of others the one that tells positives from
  /// negatives best; `nil` where no match counts.
  package var headline: (motif: FilterMotif, name: MotifName)? {
    let filter = data.planted == nil ? filters.distinct.first : filters.named.first
    return filter.map { (filters.motifs[$0], filters.names[$0]!) }
  }

  /// The network with the highest test accuracy.
  var bestNetwork: NetworkResult { networks.max { $0.accuracy.value < $1.accuracy.value }! }
}
