import Runtime
import Sequences
import Statistics

extension Genome {
  /// Draws windows without a peak that resemble those with one.
  ///
  /// - Parameters:
  ///   - positives: windows of one length, all within their chromosomes.
  ///   - peaks: to stay away from; `nil` stands for the positives.
  /// - Throws: `InputError` if the genome has no room for any, or its file is damaged.
  public func negatives(
    matching positives: [GenomicLocation], avoiding peaks: [GenomicLocation]? = nil,
    _ options: NegativeOptions
  ) throws -> Negatives {
    precondition(options.ratio > 0 && !positives.isEmpty, "nothing to match")
    let length = positives[0].count
    precondition(positives.allSatisfy { $0.count == length }, "windows of one length")
    // The reverse strand has the same composition, and the same window twice is one to match.
    let codes = try codes(of: positives, length: length)
    let compositions = positives.indices.map { WindowComposition(codes[$0 * length..<($0 + 1) * length]) }
    let task = NegativeTask(
      genome: self, positives: positives, compositions: compositions, peaks: peaks ?? positives,
      length: length, options: options)
    let drawn: [GenomicLocation]
    switch options.procedure {
    case .chrombpnet: drawn = try task.drawByChromosome()
    case .tangermeme: drawn = try task.drawTiles()
    case .gkmsvm: drawn = try task.drawAtRandom()
    }
    guard !drawn.isEmpty else {
      throw InputError(file: path, "has no room for a negative of \(length) bases away from the peaks")
    }
    let locations = drawn.sorted { a, b in
      (number(of: a.chromosome)!, a.start) < (number(of: b.chromosome)!, b.start)
    }
    return Negatives(
      locations: locations,
      quality: try quality(compositions, locations, wanted: positives.count * options.ratio))
  }

  private func quality(_ positives: [WindowComposition], _ locations: [GenomicLocation], wanted: Int) throws
    -> MatchQuality
  {
    let length = positives[0].length
    let codes = try codes(of: locations, length: length)
    let negatives = locations.indices.map { WindowComposition(codes[$0 * length..<($0 + 1) * length]) }
    func composition(_ windows: [WindowComposition]) -> [Double] {
      let counts = (0..<4).map { base in Double(windows.reduce(0) { $0 + $1.counts[base] }) }
      let sum = counts.reduce(0, +)
      return counts.map { sum > 0 ? $0 / sum : 0 }
    }
    return MatchQuality(
      positives: positives.count, negatives: locations.count, missing: max(0, wanted - locations.count),
      gcDistance: kolmogorovSmirnovDistance(positives.map(\.gc), negatives.map(\.gc)),
      positiveComposition: composition(positives), negativeComposition: composition(negatives))
  }
}

/// What the procedures start from.
struct NegativeTask {
  let genome: Genome
  let positives: [GenomicLocation]
  let compositions: [WindowComposition]
  let peaks: [GenomicLocation]
  let length: Int
  let options: NegativeOptions

  /// The numbers of the chromosomes that carry positives, in the genome's order.
  var chromosomes: [Int] { Set(positives.map { genome.number(of: $0.chromosome)! }).sorted() }

  func mayUse(unknown: Int) -> Bool { Double(unknown) <= options.maximumUnknown * Double(length) }

  func location(_ chromosome: Int, _ start: Int) -> GenomicLocation {
    GenomicLocation(chromosome: genome.chromosomes[chromosome].name, start: start, end: start + length)
  }
}
