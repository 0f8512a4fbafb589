import NeuralNetworks
import Runtime
import Sequences

/// How sequences are changed until an output is as large as it gets.
public struct DesignOptions: Sendable {
  /// Which of the network's outputs is raised.
  public var output = 0
  /// Whether it is lowered instead.
  public var isLowered = false
  /// Bases that may be changed at most; `nil` for all.
  public var maximumEdits: Int?
  /// Changed sequences that are pursued at a time; one is greedy ascent.
  public var beam = 1
  /// Positions that stay as they are.
  public var fixed: Set<Int> = []

  public init() {}
}

/// A sequence and what it became.
public struct SequenceDesign: Sendable {
  public let start: [UInt8]
  public let codes: [UInt8]
  /// The output of each.
  public let before, after: Double
  /// Bases that differ.
  public var edits: Int { zip(start, codes).count { $0 != $1 } }
}

extension Network {
  /// Changes sequences base by base, each time to the best of all single changes, or to the best `beam` of them, until none is better.
  ///
  /// Every change is tried, so the end is a local optimum: no single base that may change raises the output, unless the number of edits
  /// is reached.
  ///
  /// - Parameter progress: called with the number of sequences done.
  /// - Throws: `InputError` if a sequence has another length than the network takes, there is no such output, or an option makes no
  ///   sense.
  public func designs(
    from starts: SequenceSet, options: DesignOptions = DesignOptions(), threads: Int = Parallel.threads,
    progress: (Int) -> Void = { _ in }
  ) throws -> [SequenceDesign] {
    try requireLength(of: starts)
    let length = architecture.input.length
    guard (0..<architecture.outputCount).contains(options.output) else {
      throw InputError(
        "the network has \(architecture.outputCount) outputs, so there is no output \(options.output)")
    }
    guard options.beam > 0, options.maximumEdits.map({ $0 >= 0 }) ?? true else {
      throw InputError("a design needs a beam of one at least, and no negative number of edits")
    }
    var result: [SequenceDesign] = []
    // Some at a time: all their changes are tried at once.
    for first in stride(from: 0, to: starts.count, by: 64) {
      let part = starts.subset(Array(first..<min(starts.count, first + 64)))
      result += try climb(part, options, free: (0..<length).filter { !options.fixed.contains($0) }, threads)
      progress(result.count)
    }
    return result
  }

  private struct State {
    var codes: [UInt8]
    /// The output, or its negative where it is lowered.
    var value: Double
  }

  private func climb(_ starts: SequenceSet, _ options: DesignOptions, free: [Int], _ threads: Int) throws
    -> [SequenceDesign]
  {
    let sign = options.isLowered ? -1.0 : 1
    let origins = (0..<starts.count).map { Array(starts[$0]) }
    let before = try values(origins, options.output, threads).map { sign * $0 }
    var best = zip(origins, before).map { State(codes: $0, value: $1) }
    var beams = best.map { [$0] }
    var active = Array(origins.indices)
    for _ in 0..<(options.maximumEdits ?? 16 * free.count) where !active.isEmpty {
      let states = active.flatMap { beams[$0] }
      let effects = try effects(states.map(\.codes), options.output, threads)
      var number = 0
      var candidates: [[State]] = []
      for index in active {
        let range = number..<number + beams[index].count
        number = range.upperBound
        candidates.append(
          children(states[range], effects[range], sign: sign, of: origins[index], options, free: free))
      }
      // As the network gives them, without the rounding of sums.
      let exact = try values(candidates.joined().map(\.codes), options.output, threads)
      var place = 0
      var rising: [Int] = []
      for (index, found) in zip(active, candidates) {
        let measured = found.map { state -> State in
          defer { place += 1 }
          return State(codes: state.codes, value: sign * exact[place])
        }
        beams[index] = measured
        // Equal values go to the one found first.
        if let top = measured.max(by: { $0.value < $1.value }), top.value > best[index].value {
          best[index] = top
          rising.append(index)
        }
      }
      active = rising
    }
    return origins.indices.map {
      SequenceDesign(
        start: origins[$0], codes: best[$0].codes, before: sign * before[$0], after: sign * best[$0].value)
    }
  }

  /// The `beam` best different sequences that are one change away from `states`.
  private func children(
    _ states: ArraySlice<State>, _ effects: ArraySlice<[Float]>, sign: Double, of origin: [UInt8],
    _ options: DesignOptions, free: [Int]
  ) -> [State] {
    let length = architecture.input.length
    var found: [(value: Double, state: Int, position: Int, base: Int)] = []
    for (number, (state, effects)) in zip(states, effects).enumerated() {
      let isFull = options.maximumEdits.map { limit in zip(state.codes, origin).count { $0 != $1 } >= limit }
      for position in free where isFull != true || state.codes[position] != origin[position] {
        for base in 0..<4 where state.codes[position] != UInt8(base) {
          let value = state.value + sign * Double(effects[base * length + position])
          found.append((value, number, position, base))
        }
      }
    }
    found.sort {
      $0.value != $1.value
        ? $0.value > $1.value : ($0.state, $0.position, $0.base) < ($1.state, $1.position, $1.base)
    }
    var seen: Set<[UInt8]> = []
    var kept: [State] = []
    for candidate in found {
      var codes = states[states.startIndex + candidate.state].codes
      codes[candidate.position] = UInt8(candidate.base)
      guard seen.insert(codes).inserted else { continue }
      kept.append(State(codes: codes, value: candidate.value))
      if kept.count == options.beam { break }
    }
    return kept
  }

  private func values(_ rows: [[UInt8]], _ output: Int, _ threads: Int) throws -> [Double] {
    let outputs = architecture.outputCount
    let logits = try logits(of: SequenceSet(rows: rows), threads: threads)
    return rows.indices.map { Double(logits[$0 * outputs + output]) }
  }

  /// By what the output changes with each base, (4, L) for each sequence.
  private func effects(_ rows: [[UInt8]], _ output: Int, _ threads: Int) throws -> [[Float]] {
    var options = AttributionOptions()
    options.output = output
    options.isHypothetical = true
    let found = try attributions(
      .mutagenesis, of: SequenceSet(rows: rows), options: options, threads: threads)
    let (size, length) = (4 * found.length, found.length)
    return rows.enumerated().map { index, codes in
      (0..<size).map { place in
        let code = Int(codes[place % length])
        let present = code < 4 ? found.values[index * size + code * length + place % length] : 0
        return found.values[index * size + place] - present
      }
    }
  }
}
