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
    let tables = patterns.map { pattern in
      var table = OffsetTable()
      table.fill(pattern.sums, width: width, padding: padding)
      return table
    }
    let limits = patterns.indices.map { index -> Float in
      // The middles of its own seqlets, as wide as the others.
      let margin = (patterns[index].width - width) / 2
      let own = patterns[index].seqlets.map {
        $0.expanded(before: -margin, after: margin + width - patterns[index].width)
      }
      .filter { $0.fits(tracks.length) }
      let scores = matches(own, [tables[index]]).map { Double($0.score) }.sorted()
      return scores.isEmpty ? .infinity : Float(scores.quantile(options.recruitingShare))
    }
    var joining = [[Seqlet]](repeating: [], count: patterns.count)
    for (seqlet, match) in zip(free, matches(free, tables)) where match.score >= limits[match.table] {
      let wide = (match.isReverse ? seqlet.reversed : seqlet)
        .expanded(before: match.offset, after: patterns[match.table].width - match.offset - width)
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
  private func matches(_ seqlets: [Seqlet], _ tables: [OffsetTable]) -> [(
    table: Int, offset: Int, isReverse: Bool, score: Float
  )] {
    let group = 256
    return Parallel.map((seqlets.count + group - 1) / group) { task in
      let part = Array(seqlets[task * group..<min(seqlets.count, (task + 1) * group)])
      let windows = AttributionWindows(part, of: tracks)
      return windows.withWindows { unsafe in
        (0..<part.count).map { index in
          tables.indices.reduce(into: (table: 0, offset: 0, isReverse: false, score: -Float.infinity)) {
            best, table in
            let match = tables[table].match(unsafe, index, kernels: .best)
            if match.score > best.score { best = (table, match.offset, match.isReverse, match.score) }
          }
        }
      }
    }.flatMap { $0 }
  }
}
