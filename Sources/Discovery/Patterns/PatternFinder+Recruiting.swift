import Runtime
import Statistics

extension PatternFinder {
  /// Lets seqlets that are in no pattern join the one they resemble most, if they resemble it as much as most of its own seqlets
  /// do: those beyond the sample that was clustered, and those that fell out of it on the way.
  ///
  /// Without them a pattern lacks the variants that are rarer in the sample, and its matrix is sharper than the sites are.
  func recruited(_ patterns: [Pattern], _ seqlets: [Seqlet]) -> [Pattern] {
    guard options.recruitingShare < 1, !patterns.isEmpty, let width = seqlets.first?.width else {
      return patterns
    }
    var taken: [Int: [Range<Int>]] = [:]
    for pattern in patterns {
      for seqlet in pattern.seqlets { taken[seqlet.sequence, default: []].append(core(seqlet)) }
    }
    let free = tracks.sorted(
      seqlets.filter { seqlet in
        !(taken[seqlet.sequence] ?? []).contains { $0.overlaps(seqlet.start..<seqlet.end) }
      })
    let padding = Int((Double(width) * (1 - options.overlap)).rounded(.up))
    let tables = patterns.map { OffsetTable($0.sums, width: width, padding: padding) }
    let limits = patterns.indices.map { index -> Float in
      // The middles of its own seqlets, as wide as the others.
      let margin = (patterns[index].width - width) / 2
      let own = patterns[index].seqlets.map {
        $0.expanded(before: -margin, after: margin + width - patterns[index].width)
      }
      .filter { $0.fits(tracks.length) }
      let scores = matches(own, [tables[index]]).map { Double($0.place.score) }.sorted()
      return scores.isEmpty ? .infinity : Float(scores.quantile(options.recruitingShare))
    }
    var joining = [[Seqlet]](repeating: [], count: patterns.count)
    for (seqlet, match) in zip(free, matches(free, tables)) where match.place.score >= limits[match.table] {
      let wide = (match.place.isReverse ? seqlet.reversed : seqlet)
        .expanded(
          before: match.place.offset, after: patterns[match.table].width - match.place.offset - width)
      if wide.fits(tracks.length) { joining[match.table].append(wide) }
    }
    return zip(patterns, joining).map { pattern, others in
      others.isEmpty ? pattern : Pattern(tracks.sorted(pattern.seqlets + others), of: tracks)
    }
  }

  /// The part of a seqlet that its pattern is about.
  private func core(_ seqlet: Seqlet) -> Range<Int> {
    let margin = min(2 * options.flank, (seqlet.width - 1) / 2)
    return seqlet.start + margin..<seqlet.end - margin
  }

  /// The table that each seqlet matches best, the first among equals, and where.
  private func matches(_ seqlets: [Seqlet], _ tables: [OffsetTable]) -> [(table: Int, place: TableMatch)] {
    let group = 256
    return Parallel.map((seqlets.count + group - 1) / group) { task in
      let part = Array(seqlets[task * group..<min(seqlets.count, (task + 1) * group)])
      let windows = AttributionWindows(part, of: tracks)
      let found = tables.map { table in
        let terms = table.terms(windows, 0..<part.count)
        return part.indices.map { table.match(terms, $0, kernels: .best) }
      }
      return part.indices.map { index in
        let table = tables.indices.reduce(0) { found[$1][index].score > found[$0][index].score ? $1 : $0 }
        return (table, found[table][index])
      }
    }.flatMap { $0 }
  }
}
