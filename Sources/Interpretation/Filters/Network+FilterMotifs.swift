import Motifs
import NeuralNetworks
import Runtime
import Sequences

extension Network {
  /// The motif of every filter of a convolution, by the rule.
  ///
  /// Two passes over the sequences, nothing kept but one number for each filter and sequence; rules that need no data
  /// look at the sequences for the filters' activity only.
  ///
  /// A normalization straight after the convolution counts as part of it. Where the first convolution scores both strands, sites
  /// of both are read as its filters stand; filters of later convolutions are read along the given strand.
  ///
  /// - Parameters:
  ///   - layer: Index of the convolution among the layers. A site is the receptive field of a position of its output.
  ///   - activity: What `filterActivity` gave for the same sequences and layer, to save the first pass.
  /// - Throws: `InputError` if the layer is no convolution, or the rule needs no data but the layer is not a plain first
  ///   convolution (stride and dilation 1), or a sequence has another length than the network takes.
  public func filterMotifs(
    of sequences: SequenceSet, layer: Int = 0, rule: FilterMotifRule = .halfMax,
    activity: FilterActivity? = nil, threads: Int = Parallel.threads
  ) throws -> [FilterMotif] {
    if rule.needsNoData, !readsWeights(layer) {
      throw InputError(
        "the rule \(rule.name) reads the weights of a plain first convolution; other layers take half-max, basset or top-N"
      )
    }
    let activity = try activity ?? filterActivity(of: sequences, layer: layer, threads: threads)
    return try foldingNormalization().motifs(
      layer == 0 ? strands(of: sequences) : sequences, layer, rule, activity, threads: threads)
  }

  /// Whether the rules that need no data can read the filters of this layer: those of a first convolution with stride and
  /// dilation 1.
  public func readsWeights(_ layer: Int) -> Bool { layer == 0 && (try? firstConvolution()) != nil }

  private func motifs(
    _ sequences: SequenceSet, _ layer: Int, _ rule: FilterMotifRule, _ activity: FilterActivity, threads: Int
  ) throws -> [FilterMotif] {
    let counts: SiteCounts
    switch rule {
    case .halfMax:
      counts = try countSites(
        sequences, layer: layer, above: activity.maximum.map { max(0, $0 / 2) }, threads: threads)
    case .basset:
      let cuts = zip(activity.maximum, activity.mean).map { maximum, mean in
        max(0, Float(0.5 * (Double(maximum) - mean) + mean))
      }
      counts = try countSites(sequences, layer: layer, above: cuts, threads: threads)
    case .exactP, .softmax:
      let filters = try (0..<activity.filters).map { try filter($0) }
      return Parallel.map(filters.count, threads: threads) { index in
        FilterMotif(
          filter: index, rule: rule, weights: filters[index].weights, bias: filters[index].bias,
          activity: activity)
      }
    case .top(let count):
      counts = try countTopSites(
        sequences, layer: layer, count: count, activity: activity, threads: threads)
    }
    return (0..<activity.filters).map {
      FilterMotif(filter: $0, rule: rule, counts: counts, activity: activity)
    }
  }

  /// The `count` windows with the largest activations of each filter.
  private func countTopSites(
    _ sequences: SequenceSet, layer: Int, count: Int, activity: FilterActivity, threads: Int
  ) throws -> SiteCounts {
    let filters = activity.filters
    // At least `count` sequences reach their count-th largest maximum, so no window below it is wanted.
    let cuts = Parallel.map(filters, threads: threads) { filter -> Float in
      guard sequences.count >= count else { return 0 }
      var maxima = (0..<sequences.count).map { activity.sequenceMaxima[$0 * filters + filter] }
      maxima.sort(by: >)
      return maxima[count - 1]
    }
    let sites = try sites(sequences, layer: layer, atLeast: cuts, threads: threads)
    let windows = try filterWindows(layer)
    var result = SiteCounts(filters: filters, width: windows.width)
    for (filter, sites) in Dictionary(grouping: sites, by: \.filter) {
      // Sites come in order of sequence and position; the sort keeps that order among equals.
      let best = sites.enumerated().sorted { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }
      for (_, site) in best.prefix(count) {
        let sequence = sequences[site.sequence]
        for position in 0..<windows.width {
          let base = sequence.startIndex + windows.start(site.position) + position
          let code = sequence.indices.contains(base) ? sequence[base] : Nucleotide.unknown
          result.counts[(filter * windows.width + position) * 5 + Int(code)] += 1
        }
        result.sites[filter] += 1
      }
    }
    return result
  }
}
