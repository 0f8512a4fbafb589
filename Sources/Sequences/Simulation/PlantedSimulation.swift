import Runtime

/// Random sequences, half of them (or another share) with a site of a motif planted: the data of the FOXO1 exercise, and any
/// variation of it whose truth is known.
///
/// A negative is `length` uniform random bases. A positive is the same, and then a site takes the place of the
/// bases around the middle, each position of it drawn from the motif's frequencies.
public struct PlantedSimulation: Sendable {
  /// A C G T at each position of the motif; each row sums to one.
  public let frequencies: [[Double]]
  /// Number of sequences, 1 / (1 + `classRatio`) of them (rounded down) with a site.
  public let count: Int
  /// Negatives for each positive.
  public let classRatio: Double
  /// Bases of each sequence.
  public let length: Int
  /// The site starts anywhere from `center - jitter` to `center + jitter`, uniformly.
  public let jitter: Int
  public let seed: UInt64
  /// Sums of the frequencies of A, A C, A C G, A C G T at each position.
  private let cumulative: [SIMD4<Double>]

  /// - Throws: `InputError` if the motif and its jitter do not fit into the sequences.
  public init(
    frequencies: [[Double]], count: Int = 20_000, length: Int = 100, jitter: Int = 0, classRatio: Double = 1,
    seed: UInt64 = 0
  ) throws {
    guard !frequencies.isEmpty, frequencies.allSatisfy({ $0.count == 4 && abs($0.reduce(0, +) - 1) < 1e-3 })
    else { throw InputError("a motif needs four frequencies that sum to one at each position") }
    guard count >= 2 else { throw InputError("count \(count): at least 2 sequences are needed") }
    guard classRatio > 0, classRatio.isFinite else {
      throw InputError("class ratio \(classRatio): expected a number of negatives for each positive, above 0")
    }
    let positives = Self.positives(count, classRatio)
    guard positives > 0, positives < count else {
      throw InputError("class ratio \(classRatio): \(count) sequences are too few for both classes")
    }
    let (bases, overflow) = count.multipliedReportingOverflow(by: max(1, length))
    guard !overflow, bases <= 1 << 36 else {
      throw InputError("count \(count), length \(length): at most \(1 << 36) bases together are simulated")
    }
    guard length >= frequencies.count else {
      throw InputError("length \(length): the motif alone has \(frequencies.count) positions")
    }
    let center = (length - frequencies.count) / 2
    guard jitter >= 0, jitter <= center else {
      throw InputError(
        "jitter \(jitter): expected 0 to \(center), so that the site stays inside the sequence")
    }
    self.frequencies = frequencies
    self.count = count
    self.classRatio = classRatio
    self.length = length
    self.jitter = jitter
    self.seed = seed
    cumulative = frequencies.map { row in
      SIMD4(row[0], row[0] + row[1], row[0] + row[1] + row[2], row[0] + row[1] + row[2] + row[3])
    }
  }

  private static func positives(_ count: Int, _ ratio: Double) -> Int { Int(Double(count) / (1 + ratio)) }

  /// 0-based start of a site without jitter; 44 for 12 of 100.
  public var center: Int { (length - frequencies.count) / 2 }

  /// All starts that a site may have.
  public var starts: ClosedRange<Int> { center - jitter...center + jitter }

  /// Draws the sequences: the positives first, then the negatives.
  public func run() -> PlantedSet {
    let positives = Self.positives(count, classRatio)
    var codes = [UInt8](repeating: 0, count: count * length)
    var sites = [PlantedSite](repeating: .none, count: count)
    codes.withUnsafeMutableBufferPointer { codes in
      for index in 0..<count {
        var random = CounterRandom(seed: seed, purpose: .simulation, index: index)
        let sequence = UnsafeMutableBufferPointer(rebasing: codes[index * length..<(index + 1) * length])
        sites[index] = PlantedSite(start: draw(sequence, withSite: index < positives, using: &random))
      }
    }
    let set = SequenceSet(
      codes: codes, starts: Array(stride(from: 0, through: codes.count, by: length)))
    return PlantedSet(sequences: set, sites: sites)
  }

  /// Draws one sequence into `codes` and returns where its site starts.
  package func draw(
    _ codes: UnsafeMutableBufferPointer<UInt8>, withSite: Bool, using random: inout CounterRandom
  ) -> Int? {
    var word: UInt64 = 0
    for position in 0..<length {
      if position % 32 == 0 { word = random.next() }
      codes[position] = UInt8(word & 3)
      word >>= 2
    }
    guard withSite else { return nil }
    let start = center - jitter + (jitter > 0 ? random.below(2 * jitter + 1) : 0)
    for (offset, limits) in cumulative.enumerated() {
      let draw = random.uniform() * limits[3]
      codes[start + offset] =
        (limits[0] <= draw ? 1 : 0) + (limits[1] <= draw ? 1 : 0) + (limits[2] <= draw ? 1 : 0)
    }
    return start
  }
}

/// Sequences and where their sites are; those with a site are the positives.
public struct PlantedSet: Sendable {
  public let sequences: SequenceSet
  /// One for each sequence.
  public let sites: [PlantedSite]

  public init(sequences: SequenceSet, sites: [PlantedSite]) {
    precondition(sites.count == sequences.count, "one site for each sequence")
    self.sequences = sequences
    self.sites = sites
  }

  /// The sequences with the label 1 where there is a site.
  public var labeled: LabeledSequences {
    LabeledSequences(sequences, labels: sites.map { $0.start == nil ? 0 : 1 })
  }

  public func subset(_ indices: [Int]) -> PlantedSet {
    PlantedSet(sequences: sequences.subset(indices), sites: indices.map { sites[$0] })
  }

  /// Sequences to train on and as many to test with.
  public struct Halves: Sendable {
    public let train, test: PlantedSet
  }

  /// Two halves drawn at random, with the classes balanced in each, in random order.
  public func halves(seed: UInt64) -> Halves {
    let parts = Splits.stratified(labels: labeled.labels, fractions: [0.5, 0.5], seed: seed)
    return Halves(train: subset(parts[0]), test: subset(parts[1]))
  }
}
