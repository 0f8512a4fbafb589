/// Which strand of a chromosome a sequence is read from.
public enum Strand: String, Sendable, Hashable, Codable {
  case forward = "+"
  case reverse = "-"
  /// Not known, or of no matter; read as forward.
  case unstranded = "."
}

/// A stretch of a chromosome, the one meaning of a coordinate throughout: 0-based, half-open, as in BED.
public struct GenomicLocation: Hashable, Sendable {
  public var chromosome: String
  /// The first base, counted from 0.
  public var start: Int
  /// The base after the last one.
  public var end: Int
  public var strand: Strand

  public init(chromosome: String, start: Int, end: Int, strand: Strand = .unstranded) {
    self.chromosome = chromosome
    self.start = start
    self.end = end
    self.strand = strand
  }

  /// How many bases it spans.
  public var count: Int { end - start }

  /// Whether the two share a base.
  public func overlaps(_ other: GenomicLocation) -> Bool {
    chromosome == other.chromosome && start < other.end && other.start < end
  }

  /// Where a part of the sequence that is read from here lies.
  ///
  /// - Parameters:
  ///   - range: positions in the sequence, as this location's strand reads it.
  ///   - strand: of the part within the sequence.
  public func part(_ range: Range<Int>, strand: Strand = .unstranded) -> GenomicLocation {
    guard self.strand == .reverse else {
      return GenomicLocation(
        chromosome: chromosome, start: start + range.lowerBound, end: start + range.upperBound, strand: strand
      )
    }
    let turned: Strand = strand == .forward ? .reverse : strand == .reverse ? .forward : .unstranded
    return GenomicLocation(
      chromosome: chromosome, start: end - range.upperBound, end: end - range.lowerBound, strand: turned)
  }

  /// As `bedtools getfasta` names a sequence: `chr1:100-200`, `chr1:100-200(+)` where the strand is known.
  public var name: String {
    var chromosome = chromosome
    return chromosome.withUTF8 { chromosome in
      // Two numbers of at most 20 characters, and five other characters.
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chromosome.count + 45) { name in
        var first = name.count
        func prepend(_ character: Unicode.Scalar) {
          first -= 1
          name[first] = UInt8(ascii: character)
        }
        func prepend(_ number: Int) {
          var rest = number.magnitude
          repeat {
            first -= 1
            name[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
          } while rest > 0
          if number < 0 { prepend("-") }
        }
        if strand != .unstranded {
          prepend(")")
          prepend(strand == .forward ? "+" : "-")
          prepend("(")
        }
        prepend(end)
        prepend("-")
        prepend(start)
        prepend(":")
        first -= chromosome.count
        _ = UnsafeMutableBufferPointer(rebasing: name[first...]).update(fromContentsOf: chromosome)
        return String(decoding: name[first...], as: UTF8.self)
      }
    }
  }

  /// The location that a FASTA name carries, `nil` if it carries none.
  ///
  /// Understood are the names of `bedtools getfasta`: `chr1:100-200`, `chr1:100-200(-)`, and with any name in front
  /// (`peak7::chr1:100-200`); an assembly in front (`hg38:chr1:100-200`); and a remark after it, set off by `_`, `|` or `/`
  /// (`chr1:100-200_shuffled`). A chromosome's own name may hold colons (`HLA-A*01:01:5-9`).
  public init?(name: some StringProtocol) {
    var rest = Substring(name)
    while let colon = rest.lastIndex(of: ":") {
      if let (start, end, strand) = Self.coordinates(rest[rest.index(after: colon)...]) {
        let chromosome = Self.chromosome(rest[..<colon])
        guard let last = chromosome.last, last != ":" else { return nil }
        self.init(chromosome: String(chromosome), start: start, end: end, strand: strand)
        return
      }
      rest = rest[..<colon]
    }
    return nil
  }

  /// `100-200`, `100-200(+)`, and a remark after either.
  private static func coordinates(_ text: Substring) -> (start: Int, end: Int, strand: Strand)? {
    var rest = text
    guard let start = number(&rest), rest.popFirst() == "-", let end = number(&rest), start <= end else {
      return nil
    }
    var strand = Strand.unstranded
    if rest.first == "(" {
      let inside = rest.dropFirst().prefix { $0 != ")" }
      guard inside.endIndex < rest.endIndex, let known = Strand(rawValue: String(inside)) else { return nil }
      strand = known
      rest = rest[rest.index(after: inside.endIndex)...]
    }
    guard rest.first.map({ "_|/".contains($0) }) ?? true else { return nil }
    return (start, end, strand)
  }

  private static func number(_ rest: inout Substring) -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest[digits.endIndex...]
    return Int(digits)
  }

  /// What stands before the coordinates without a name (up to the last `::`) and an assembly (letters, then digits).
  private static func chromosome(_ text: Substring) -> Substring {
    var rest = text
    var at = rest.endIndex
    while at > rest.startIndex {
      let before = rest.index(before: at)
      if rest[before...].hasPrefix("::") {
        rest = rest[rest.index(before, offsetBy: 2)...]
        break
      }
      at = before
    }
    guard let colon = rest.firstIndex(of: ":") else { return rest }
    let letters = rest.prefix { $0.isASCII && $0.isLetter }
    let digits = rest[letters.endIndex...].prefix { $0.isASCII && $0.isNumber }
    let isAssembly = letters.count >= 2 && !digits.isEmpty && digits.endIndex == colon && letters != "chr"
    return isAssembly ? rest[rest.index(after: colon)...] : rest
  }
}
