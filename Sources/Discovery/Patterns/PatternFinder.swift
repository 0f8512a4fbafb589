import Foundation
import Runtime

/// Clusters seqlets of one sign into patterns by the steps of TF-MoDISco (Shrikumar et al. 2018, arXiv:1811.00416).
///
/// Twice: nearest neighbors by gapped k-mers, similarities by continuous Jaccard over offsets, density adaptation, Leiden
/// communities, a pattern of each. The second round starts from the seqlets as the first has aligned them. Then
/// patterns are taken apart and merged, and those with too few seqlets or too little information dropped.
struct PatternFinder {
  let options: PatternOptions
  let tracks: AttributionTracks
  /// 1, or −1 for seqlets with negative attributions.
  let sign: Float
  /// Base frequencies A C G T in the seqlets.
  let background: [Double]
  let progress: @Sendable (String) -> Void

  init(
    options: PatternOptions, tracks: AttributionTracks, seqlets: [Seqlet], isPositive: Bool,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.options = options
    self.tracks = tracks
    sign = isPositive ? 1 : -1
    self.progress = progress
    var counts = [0, 0, 0, 0]
    for seqlet in seqlets {
      for position in seqlet.start..<seqlet.end {
        let code = Int(tracks.codes[seqlet.sequence * tracks.length + position])
        if code < 4 { counts[code] += 1 }
      }
    }
    let total = Double(max(1, counts.reduce(0, +)))
    background = counts.map { Double($0) / total }
  }

  /// The patterns, the one with most seqlets first.
  ///
  /// - Parameters:
  ///   - seqlets: what is clustered.
  ///   - others: seqlets that may join the patterns.
  func patterns(of seqlets: [Seqlet], recruiting others: [Seqlet]) -> [Pattern] {
    var seqlets = tracks.sorted(seqlets)
    var patterns: [Pattern] = []
    for round in 1...2 where !seqlets.isEmpty {
      let (kept, communities) = cluster(seqlets, isFirst: round == 1)
      patterns = assemble(kept, communities)
      progress("round \(round): \(kept.count) seqlets in \(sizes(patterns))")
      // A place that is in two patterns counts as the later one has it.
      var places: [Seqlet.Place: Seqlet] = [:]
      for pattern in patterns { for seqlet in pattern.seqlets { places[seqlet.place] = seqlet } }
      seqlets = tracks.sorted(Array(places.values))
    }
    return finished(patterns, recruiting: others)
  }

  /// Communities of seqlets, numbered from 0; in the first round without those whose similarities contradict each other.
  private func cluster(_ seqlets: [Seqlet], isFirst: Bool) -> (seqlets: [Seqlet], communities: [Int]) {
    let coarse = CoarseNeighbors(seqlets, of: tracks, sign: sign, limit: options.neighbors)
    progress("\(seqlets.count) seqlets: neighbors found")
    let fine = coarse.fineSimilarities(AttributionWindows(seqlets, of: tracks), overlap: options.overlap)
    progress("\(seqlets.count) seqlets: similarities computed")
    let correlations = isFirst ? coarse.rankCorrelations(with: fine) : []
    let kept = seqlets.indices.filter { !isFirst || correlations[$0] > options.rankCorrelation }
    guard !kept.isEmpty else { return ([], []) }
    let numbers = kept.enumerated().reduce(into: [Int32](repeating: -1, count: seqlets.count)) {
      $0[$1.element] = Int32($1.offset)
    }
    let lists = DirectedLists(nodes: kept.count, size: coarse.size) { node, targets, values in
      var count = 0
      for place in kept[node] * coarse.size..<(kept[node] + 1) * coarse.size {
        let target = numbers[Int(coarse.indices[place])]
        let distance = distance(ofSimilarity: fine[place])
        // Distance 0 is the seqlet itself or one that looks the same: no edge.
        guard target >= 0, distance > 0 else { continue }
        targets[count] = target
        values[count] = distance
        count += 1
      }
      return count
    }
    let graph = lists.symmetric { there, back in
      guard let there, let back else { return there ?? back ?? 0 }
      return (there + back) / 2
    }.densityAdapted(perplexity: options.perplexity)
    let communities = Leiden.communities(graph, runs: options.leidenRuns, seed: options.seed).membership
    return (kept.map { seqlets[$0] }, communities)
  }

  /// A pattern of each community, where its contributions have the sign they should.
  private func assemble(_ seqlets: [Seqlet], _ communities: [Int]) -> [Pattern] {
    let members = grouped(seqlets, by: communities)
    return Parallel.map(members.count) { community -> Pattern? in
      Pattern.aggregate(members[community], overlap: options.overlap, of: tracks)
        .polished(window: options.trimWindow, flank: options.flank, background: background, of: tracks)
    }.compactMap { $0 }.filter { $0.isPositive == (sign > 0) }
  }

  /// Patterns taken apart and merged, without the weak ones, with their subpatterns.
  private func finished(_ patterns: [Pattern], recruiting others: [Seqlet]) -> [Pattern] {
    let merging = PatternMerging(options: options, background: background, tracks: tracks)
    let limit = max(options.minimumSize, Int(options.subpatternPerplexity))
    let parts = Parallel.map(patterns.count) { index in
      let pattern = patterns[index]
      return pattern.seqlets.count > limit ? merging.merged(subpatterns(of: pattern)) : [pattern]
    }.flatMap { $0 }
    progress("taken apart into \(sizes(parts))")
    let merged = largestFirst(merging.merged(parts))
    progress("merged into \(sizes(merged))")
    let recruited = largestFirst(recruited(merged.filter(isStrong), others))
    progress("with seqlets that were left out: \(sizes(recruited))")
    let complete = largestFirst(merging.joiningVariants(recruited))
    if complete.count < recruited.count { progress("variants of one motif joined: \(sizes(complete))") }
    return Parallel.map(complete.count) { index in
      var pattern = complete[index]
      pattern.subpatterns = subpatterns(of: pattern)
      return pattern
    }
  }

  private func largestFirst(_ patterns: [Pattern]) -> [Pattern] {
    patterns.enumerated().sorted { a, b in
      let (left, right) = (a.element.seqlets.count, b.element.seqlets.count)
      return left != right ? left > right : a.offset < b.offset
    }.map(\.element)
  }

  private func sizes(_ patterns: [Pattern]) -> String {
    guard !patterns.isEmpty else { return "no pattern" }
    return "patterns of " + patterns.map { String($0.seqlets.count) }.joined(separator: ", ")
  }

  /// The seqlets of each community, in order.
  func grouped(_ seqlets: [Seqlet], by communities: [Int]) -> [[Seqlet]] {
    zip(seqlets, communities).reduce(
      into: Array(repeating: [], count: (communities.max() ?? -1) + 1)
    ) { $0[$1.1].append($1.0) }
  }

  private func isStrong(_ pattern: Pattern) -> Bool {
    guard pattern.seqlets.count >= options.minimumSize else { return false }
    let information = pattern.information(background: background)
    let window = min(options.informationWindow, information.count)
    return (0...information.count - window).contains { start in
      information[start..<start + window].reduce(0, +) >= options.minimumInformation
    }
  }
}
