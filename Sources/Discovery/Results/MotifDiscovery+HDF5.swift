import Arrays
import HDF5

extension MotifDiscovery {
  /// The patterns in the layout of modisco-lite's results, which `modisco report`, Fi-NeMo and tangermeme open.
  ///
  /// - Parameter tracks: what they were found in.
  public func hdf5(_ tracks: AttributionTracks) -> HDF5Group {
    var root = HDF5Group(attributes: ["window_size": TypedArray(.int64([Int64(tracks.length)]), shape: [])])
    for (name, patterns) in [("pos_patterns", positive), ("neg_patterns", negative)] where !patterns.isEmpty {
      root.groups[name] = HDF5Group(
        groups: Dictionary(
          uniqueKeysWithValues: patterns.enumerated().map {
            ("pattern_\($0.offset)", group($0.element, tracks))
          }))
    }
    return root
  }

  private func group(_ pattern: Pattern, _ tracks: AttributionTracks) -> HDF5Group {
    func matrix(_ values: [Double]) -> HDF5Dataset {
      HDF5Dataset(TypedArray(.float64(values), shape: [pattern.width, 4]))
    }
    return HDF5Group(
      groups: Dictionary(
        uniqueKeysWithValues: [("seqlets", seqlets(pattern, tracks))]
          + pattern.subpatterns.enumerated().map { ("subpattern_\($0.offset)", group($0.element, tracks)) }),
      datasets: [
        "sequence": matrix(pattern.sequence), "contrib_scores": matrix(pattern.contributions),
        "hypothetical_contribs": matrix(pattern.hypothetical),
      ])
  }

  private func seqlets(_ pattern: Pattern, _ tracks: AttributionTracks) -> HDF5Group {
    let seqlets = pattern.seqlets
    func numbers(_ value: (Seqlet) -> Int) -> HDF5Dataset {
      HDF5Dataset(TypedArray(.int64(seqlets.map { Int64(value($0)) }), shape: [seqlets.count]))
    }
    var (sequence, contributions, hypothetical): ([Float], [Float], [Float]) = ([], [], [])
    for seqlet in seqlets {
      var sums = PatternSums(width: seqlet.width)
      sums.add(seqlet, of: tracks)
      sequence += sums.counts.map(Float.init)
      contributions += sums.contributions.map(Float.init)
      hypothetical += sums.hypothetical.map(Float.init)
    }
    func values(_ values: [Float], isCompressed: Bool = true) -> HDF5Dataset {
      HDF5Dataset(
        TypedArray(.float32(values), shape: [seqlets.count, pattern.width, 4]), isCompressed: isCompressed)
    }
    return HDF5Group(datasets: [
      "n_seqlets": HDF5Dataset(TypedArray(.int64([Int64(seqlets.count)]), shape: [1])),
      "start": numbers(\.start), "end": numbers(\.end), "example_idx": numbers(\.sequence),
      "is_revcomp": HDF5Dataset(
        TypedArray(.uint8(seqlets.map { $0.isReverse ? 1 : 0 }), shape: [seqlets.count])),
      "sequence": values(sequence), "contrib_scores": values(contributions),
      // Without zeros, a tenth shorter at the most.
      "hypothetical_contribs": values(hypothetical, isCompressed: false),
    ])
  }
}
