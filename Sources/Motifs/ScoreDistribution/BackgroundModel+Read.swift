import Runtime
import Sequences

extension BackgroundModel {
  /// Reads a background file in the MEME suite's form: a line `A 0.29` for each base, and for order 1 a line
  /// `AC 0.05` for each pair, the frequency of A followed by C. Comments start with #; longer words are passed over.
  ///
  /// - Throws: `InputError` naming file, line and reason.
  public init(contentsOf path: String) throws {
    let lines = try LineReader(path: path)
    func fail(_ reason: String) -> InputError { InputError(file: path, line: lines.line, reason) }
    var bases = [Double?](repeating: nil, count: 4), pairs = [Double?](repeating: nil, count: 16)
    while let line = try lines.next() {
      let text = String(decoding: line, as: UTF8.self).prefix { $0 != "#" }
      let words = text.split { $0 == " " || $0 == "\t" }
      if words.isEmpty { continue }
      guard words.count == 2, let frequency = Double(words[1]), frequency > 0, frequency.isFinite else {
        throw fail("expected a word of A C G T and a frequency above 0, as in \"A 0.29\"")
      }
      guard let codes = Nucleotide.codes(words[0]), codes.allSatisfy({ $0 < 4 }) else {
        throw fail("\"\(words[0].prefix(20))\" is no word of A C G T")
      }
      let isKnown: Bool
      switch codes.count {
      case 1:
        isKnown = bases[Int(codes[0])] != nil
        bases[Int(codes[0])] = frequency
      case 2:
        isKnown = pairs[4 * Int(codes[0]) + Int(codes[1])] != nil
        pairs[4 * Int(codes[0]) + Int(codes[1])] = frequency
      default: isKnown = false
      }
      if isKnown { throw fail("\(words[0]) is given twice") }
    }
    if pairs.contains(where: { $0 != nil }) {
      let known = pairs.compactMap { $0 }
      guard known.count == 16 else {
        throw InputError(file: path, "gives \(known.count) of the 16 pairs of bases")
      }
      self.init(dinucleotides: known)
    } else {
      let known = bases.compactMap { $0 }
      guard known.count == 4 else { throw InputError(file: path, "gives \(known.count) of the 4 bases") }
      self.init(Background(known))
    }
  }
}

extension BackgroundModel {
  /// Counts the bases (order 0) or pairs of bases (order 1) of all that a reader gives.
  public static func counted(from reader: any SequenceStream, order: Int) throws -> BackgroundModel {
    var counter = BackgroundCounter()
    var codes: [UInt8] = []
    while let part = try reader.nextPart(upTo: 1 << 20, into: &codes) {
      codes.withUnsafeBufferPointer { counter.add($0) }
      if part.endsRecord { counter.endSequence() }
      codes.removeAll(keepingCapacity: true)
    }
    return counter.model(order: order)
  }
}
