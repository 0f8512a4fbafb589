import Runtime
import Sequences

/// One sequence of a genome.
public struct Chromosome: Equatable, Sendable {
  public let name: String
  /// In bases.
  public let length: Int

  public init(name: String, length: Int) {
    self.name = name
    self.length = length
  }
}

/// A genome on disk, any stretch of which is read without the rest; any number of threads may.
///
/// Formats, told by content: FASTA (with `.fai` as samtools writes it), FASTA packed by bgzip (with `.fai` and `.gzi`), and
/// UCSC's 2bit. An index that is missing is made, and written where the folder allows it.
public final class Genome: Sendable {
  /// The file as the user named it.
  public let path: String
  /// In the file's order.
  public let chromosomes: [Chromosome]
  private let storage: any GenomeStorage
  private let numbers: [String: Int]

  /// - Throws: `InputError` if the file cannot be read, is in none of the formats, or does not fit its index.
  public init(path: String) throws {
    self.path = path
    let file = try MappedFile(path: path)
    if TwoBitStorage.recognizes(file.bytes) {
      storage = try TwoBitStorage(file)
    } else if file.bytes.starts(with: [0x1F, 0x8B]) {
      storage = try BGZipStorage(file)
    } else if file.bytes[0] == UInt8(ascii: ">") {
      storage = try FASTAStorage(file)
    } else {
      throw InputError(file: path, "is no genome; expected FASTA (plain or bgzip) or 2bit")
    }
    chromosomes = storage.chromosomes
    numbers = Dictionary(uniqueKeysWithValues: chromosomes.enumerated().map { ($1.name, $0) })
  }

  /// Whether a file begins as 2bit does; `false` also where it cannot be read.
  public static func isTwoBit(_ path: String) -> Bool {
    guard path != "-", let file = try? MappedFile(path: path) else { return false }
    return withExtendedLifetime(file) { TwoBitStorage.recognizes(file.bytes) }
  }

  /// All bases together.
  public var count: Int { chromosomes.reduce(0) { $0 + $1.length } }

  /// The number of the chromosome with this name, `nil` if the genome has none.
  public func number(of name: String) -> Int? { numbers[name] }

  /// Looks a chromosome up only where it is another than the one before.
  struct ChromosomeLookup {
    let genome: Genome
    private var latest: (name: String, number: Int?)?

    init(_ genome: Genome) { self.genome = genome }

    mutating func number(of name: String) -> Int? {
      if let latest, latest.name == name { return latest.number }
      let number = genome.number(of: name)
      latest = (name, number)
      return number
    }
  }

  /// The bases `range` of a chromosome on its forward strand, written to `codes` (A C G T = 0…3, unknown = 4).
  ///
  /// - Precondition: `range` lies within the chromosome and `codes` has as many elements.
  /// - Throws: `InputError` if the file is damaged there.
  public func read(
    _ range: Range<Int>, ofChromosome number: Int, into codes: UnsafeMutableBufferPointer<UInt8>
  ) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= chromosomes[number].length, "outside")
    precondition(codes.count == range.count, "an element for each base")
    if !range.isEmpty { try storage.read(range, ofChromosome: number, into: codes) }
  }

  /// The bases of a location as its strand reads them.
  ///
  /// - Throws: `InputError` if the genome has no such chromosome, the location reaches beyond its end, or the file is
  ///   damaged there.
  public func codes(of location: GenomicLocation) throws -> [UInt8] {
    guard let number = number(of: location.chromosome) else { throw unknownChromosome(location.chromosome) }
    let length = chromosomes[number].length
    guard location.start >= 0, location.start <= location.end, location.end <= length else {
      throw InputError(
        file: path, "\(location.name) reaches beyond \(location.chromosome), which has \(length) bases")
    }
    let codes = try codes(location.start..<location.end, ofChromosome: number)
    return location.strand == .reverse ? Nucleotide.reverseComplement(codes) : codes
  }

  /// The bases `range` of a chromosome on its forward strand.
  public func codes(_ range: Range<Int>, ofChromosome number: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: range.count) { codes, count in
      count = range.count
      try read(range, ofChromosome: number, into: UnsafeMutableBufferPointer(rebasing: codes[..<count]))
    }
  }

  /// How many of the bases `range` are soft-masked: lower case in FASTA, masked in 2bit.
  public func maskedBases(_ range: Range<Int>, ofChromosome number: Int) throws -> Int {
    try range.isEmpty ? 0 : storage.maskedBases(range, ofChromosome: number)
  }

  /// Hands out a chromosome in pieces of `length` bases, each of which repeats the last `overlap` of the one before.
  ///
  /// - Parameter body: gets the position of the piece's first base and its codes, valid until it returns.
  public func forEachPiece(
    ofChromosome number: Int, length: Int = 1 << 20, overlap: Int = 0,
    _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    precondition(overlap >= 0 && length > overlap, "pieces must move on")
    let end = chromosomes[number].length
    var codes = [UInt8](repeating: 0, count: min(length, end))
    var start = 0
    while start < end {
      let count = min(length, end - start)
      try codes.withUnsafeMutableBufferPointer { codes in
        let piece = UnsafeMutableBufferPointer(rebasing: codes[..<count])
        try read(start..<start + count, ofChromosome: number, into: piece)
        try body(start, UnsafeBufferPointer(piece))
      }
      if start + count == end { return }
      start += length - overlap
    }
  }

  /// That a chromosome is not in the genome, with what it is called there.
  ///
  /// - Parameters:
  ///   - file: that names the chromosome, `nil` if none does.
  ///   - line: of that file.
  public func unknownChromosome(_ name: String, file: String? = nil, line: Int? = nil) -> InputError {
    let other = name.hasPrefix("chr") ? String(name.dropFirst(3)) : "chr" + name
    let known = chromosomes.prefix(4).map(\.name).joined(separator: ", ")
    let hint =
      numbers[other] != nil
      ? "which calls it \(other); the names must be the same"
      : "which has \(known)\(chromosomes.count > 4 ? ", …" : "")"
    return InputError(file: file, line: line, "there is no chromosome \(name) in \(path), \(hint)")
  }
}

/// A file format that a genome is kept in.
protocol GenomeStorage: Sendable {
  /// Their names differ.
  var chromosomes: [Chromosome] { get }
  /// `range` is not empty and within the chromosome; `codes` has room for it.
  func read(_ range: Range<Int>, ofChromosome number: Int, into codes: UnsafeMutableBufferPointer<UInt8>)
    throws
  func maskedBases(_ range: Range<Int>, ofChromosome number: Int) throws -> Int
}
