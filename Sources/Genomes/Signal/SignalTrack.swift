import Sequences

/// A stretch of a chromosome with one value.
public struct SignalSpan: Equatable, Sendable {
  public var range: Range<Int>
  public var value: Float

  public init(range: Range<Int>, value: Float) {
    self.range = range
    self.value = value
  }
}

/// Values of windows put back in their places on a genome: where windows overlap, the mean of theirs.
public struct SignalTrack: Sendable {
  /// Values are as many as bases, or one for all of them.
  private var windows: [(chromosome: Int, range: Range<Int>, values: [Float])] = []
  private let numbers: [String: Int]
  public let chromosomes: [Chromosome]

  /// - Parameter chromosomes: of the genome; the track has their order.
  public init(chromosomes: [Chromosome]) {
    self.chromosomes = chromosomes
    numbers = Dictionary(uniqueKeysWithValues: chromosomes.enumerated().map { ($1.name, $0) })
  }

  /// Whether no base has a value.
  public var isEmpty: Bool { windows.allSatisfy(\.range.isEmpty) }

  /// Adds a window's values, as many as it has bases, in the order that its strand reads them.
  ///
  /// - Precondition: the window lies within a chromosome of the genome.
  public mutating func add(_ values: some BidirectionalCollection<Float>, at location: GenomicLocation) {
    precondition(values.count == location.count, "a value for each base")
    append(location.strand == .reverse ? Array(values.reversed()) : Array(values), at: location)
  }

  /// Adds one value for all bases of a window.
  public mutating func add(_ value: Float, at location: GenomicLocation) {
    append([value], at: location)
  }

  private mutating func append(_ values: [Float], at location: GenomicLocation) {
    guard let number = numbers[location.chromosome] else { preconditionFailure("a chromosome of the genome") }
    precondition(
      location.start >= 0 && location.end <= chromosomes[number].length, "a window within its chromosome")
    windows.append((number, location.start..<location.end, values))
  }

  /// Whether a location lies within a chromosome of the genome.
  public func contains(_ location: GenomicLocation) -> Bool {
    numbers[location.chromosome].map { location.start >= 0 && location.end <= chromosomes[$0].length }
      ?? false
  }

  /// Hands out the stretches of each chromosome with values, in order; neighbors with the same value are one.
  public func forEachChromosome(_ body: (Chromosome, [SignalSpan]) throws -> Void) rethrows {
    let order = windows.indices.sorted { a, b in
      (windows[a].chromosome, windows[a].range.lowerBound, a)
        < (windows[b].chromosome, windows[b].range.lowerBound, b)
    }
    var first = 0
    while first < order.count {
      let chromosome = windows[order[first]].chromosome
      var spans: [SignalSpan] = []
      while first < order.count, windows[order[first]].chromosome == chromosome {
        // Windows that overlap each other, one after the other.
        let start = windows[order[first]].range.lowerBound
        var end = start
        var last = first
        while last < order.count, windows[order[last]].chromosome == chromosome,
          windows[order[last]].range.lowerBound < end || last == first
        {
          end = max(end, windows[order[last]].range.upperBound)
          last += 1
        }
        append(order[first..<last].map { (windows[$0].range, windows[$0].values) }, start..<end, to: &spans)
        first = last
      }
      try body(chromosomes[chromosome], spans)
    }
  }

  private func append(
    _ windows: [(range: Range<Int>, values: [Float])], _ range: Range<Int>, to spans: inout [SignalSpan]
  ) {
    var sums = [Double](repeating: 0, count: range.count)
    var counts = [Int32](repeating: 0, count: range.count)
    for window in windows {
      let first = window.range.lowerBound - range.lowerBound
      for offset in 0..<window.range.count {
        sums[first + offset] += Double(window.values.count == 1 ? window.values[0] : window.values[offset])
        counts[first + offset] += 1
      }
    }
    for offset in 0..<range.count where counts[offset] > 0 {
      let value = Float(sums[offset] / Double(counts[offset]))
      let position = range.lowerBound + offset
      if let last = spans.last, last.range.upperBound == position, last.value == value {
        spans[spans.count - 1].range = last.range.lowerBound..<position + 1
      } else {
        spans.append(SignalSpan(range: position..<position + 1, value: value))
      }
    }
  }
}
