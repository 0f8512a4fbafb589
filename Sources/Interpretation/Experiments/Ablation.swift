import Motifs
import NeuralNetworks
import Runtime
import Sequences
import Statistics

/// What sequences lose when places in them are destroyed, beside places of the same width elsewhere (ablation; tangermeme,
/// Schreiber 2025, bioRxiv 2025.08.08.669296).
public struct Ablation: Sendable {
  /// What takes the place of the bases.
  public enum Replacement: Sendable, Equatable {
    /// The same bases in random order, this many times; the mean counts.
    case shuffles(Int)
    /// Unknown bases: all inputs zero.
    case unknown
  }

  /// A kind of place, such as the sites of a motif.
  public struct Target: Sendable {
    public let name: String
    /// Of each sequence; none for those without.
    public let places: [[Range<Int>]]

    /// - Parameter places: of each sequence, inside it.
    public init(_ name: String, places: [[Range<Int>]]) {
      self.name = name
      self.places = places
    }
  }

  public struct Row: Sendable {
    public let name: String
    /// Indices of the sequences that have a place.
    public let sequences: [Int]
    /// Places in all of them.
    public let places: Int
    /// Before is without the places; a positive effect is a loss.
    public let loss: PairedEffect
    /// The same with places of the same widths elsewhere.
    public let control: PairedEffect
    /// The loss beyond the control's.
    public let necessity: Estimate
  }

  /// One for each target that any sequence has.
  public let rows: [Row]
  /// Names of targets that no sequence has.
  public let absent: [String]
  public let measure: ExperimentMeasure

  /// - Parameters:
  ///   - sequences: of the network's length.
  ///   - progress: called with the number of targets done.
  /// - Throws: `InputError` if a sequence has another length than the network takes.
  public init(
    _ targets: [Target], in sequences: SequenceSet, replacement: Replacement = .shuffles(20),
    measure: ExperimentMeasure, seed: UInt64 = 0, progress: (Int) -> Void = { _ in }
  ) throws {
    try measure.network.requireLength(of: sequences)
    var rows: [Row] = []
    var absent: [String] = []
    for (number, target) in targets.enumerated() {
      precondition(target.places.count == sequences.count, "places of each sequence")
      let having = target.places.indices.filter { !target.places[$0].isEmpty }
      if having.isEmpty {
        absent.append(target.name)
      } else {
        let set = sequences.subset(having)
        let places = having.map { target.places[$0] }
        let elsewhere = places.enumerated().map { index, places in
          var random = CounterRandom(seed: seed, purpose: .experiment, epoch: -1 - number, index: index)
          return places.map { Self.elsewhere($0, besides: places, set[index].count, &random) }
        }
        func loss(_ places: [[Range<Int>]]) throws -> PairedEffect {
          let destroyed = try Self.destroyed(
            set, places, replacement, measure: measure, seed: seed, number: number)
          return PairedEffect(before: destroyed, after: try measure.values(set) { places[$0] })
        }
        let (found, control) = (try loss(places), try loss(elsewhere))
        rows.append(
          Row(
            name: target.name, sequences: having, places: places.reduce(0) { $0 + $1.count }, loss: found,
            control: control, necessity: found.beyond(control)))
      }
      progress(number + 1)
    }
    self.rows = rows
    self.absent = absent
    self.measure = measure
  }

  /// The measure of each sequence with its places destroyed, the mean over shuffles.
  private static func destroyed(
    _ set: SequenceSet, _ places: [[Range<Int>]], _ replacement: Replacement, measure: ExperimentMeasure,
    seed: UInt64, number: Int
  ) throws -> [Double] {
    var copies = 1
    if case .shuffles(let count) = replacement { copies = max(1, count) }
    var sums = [Double](repeating: 0, count: set.count)
    for copy in 0..<copies {
      var codes = set.codes
      for index in 0..<set.count {
        var random = CounterRandom(
          seed: seed, purpose: .experiment, epoch: number * copies + copy + 1, index: index)
        for place in places[index] {
          let range = set.starts[index] + place.lowerBound..<set.starts[index] + place.upperBound
          switch replacement {
          case .unknown:
            codes.replaceSubrange(range, with: repeatElement(Nucleotide.unknown, count: range.count))
          case .shuffles:
            let letters = Array(codes[range])
            codes.replaceSubrange(range, with: random.permutation(letters.count).map { letters[$0] })
          }
        }
      }
      let changed = SequenceSet(codes: codes, starts: set.starts, names: set.names)
      for (index, value) in try measure.values(changed, over: { places[$0] }).enumerated() {
        sums[index] += value
      }
    }
    return sums.map { $0 / Double(copies) }
  }

  /// A place as wide as `place` that touches none of `places`, at random; anywhere where none is free.
  private static func elsewhere(
    _ place: Range<Int>, besides places: [Range<Int>], _ length: Int, _ random: inout CounterRandom
  ) -> Range<Int> {
    let free = (0...length - place.count).filter { start in
      !places.contains { $0.overlaps(start..<start + place.count) }
    }
    let start = free.isEmpty ? random.below(length - place.count + 1) : free[random.below(free.count)]
    return start..<start + place.count
  }
}

extension Ablation.Target {
  /// The sites of motifs, one target a motif.
  ///
  /// - Parameter onlyBest: of each sequence the best site alone.
  public static func sites(
    of motifs: [Motif], in sequences: SequenceSet, pValue: Double = 1e-4, onlyBest: Bool = false,
    seed: UInt64 = 0
  ) -> [Ablation.Target] {
    let scanner = MotifScanner(motifs.map { ScanMotif($0, threshold: .pValue(pValue)) })
    var places = motifs.map { _ in [[Range<Int>]](repeating: [], count: sequences.count) }
    for hit in onlyBest ? scanner.bestHits(in: sequences, seed: seed) : scanner.hits(in: sequences) {
      places[hit.motif][hit.sequence].append(hit.start..<hit.start + motifs[hit.motif].width)
    }
    return zip(motifs, places).map { Ablation.Target($0.displayName, places: $1.map(merged)) }
  }

  /// Places that overlap, as sites on both strands do, as one.
  private static func merged(_ places: [Range<Int>]) -> [Range<Int>] {
    places.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }.reduce(into: []) {
      if let last = $0.last, last.overlaps($1) {
        $0[$0.count - 1] = last.lowerBound..<max(last.upperBound, $1.upperBound)
      } else {
        $0.append($1)
      }
    }
  }
}
