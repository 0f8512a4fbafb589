import Foundation
import MotifKit
import Runtime

/// What attributions compare with, as a user says it: `zeros`, `20` shuffles, `uniform:20`, `gc:20`, `frequencies`, four
/// numbers, or a file.
enum ReferenceArgument {
  case fixed(AttributionReference)
  /// The frequencies of the bases in the sequences.
  case frequencies
  case file(String)

  /// `nil` for a number below 1 or over a million, and for what is neither such a word nor a file.
  init?(_ text: String) {
    func count(_ text: some StringProtocol) -> Int? {
      Int(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    }
    let numbers = text.split(separator: ",").compactMap { Float($0) }
    if text == "frequencies" {
      self = .frequencies
    } else if numbers.count == 4, text.count(where: { $0 == "," }) == 3, numbers.allSatisfy({ $0 >= 0 }),
      abs(numbers.reduce(0, +) - 1) < 1e-3
    {
      self = .fixed(.frequencies(numbers))
    } else if text == "zeros" {
      self = .fixed(.zeros)
    } else if let count = count(text) {
      self = .fixed(.dinucleotideShuffles(count))
    } else if text.hasPrefix("uniform:"), let count = count(text.dropFirst(8)) {
      self = .fixed(.uniform(count))
    } else if text.hasPrefix("gc:"), let count = count(text.dropFirst(3)) {
      self = .fixed(.composition(count))
    } else if Int(text) == nil, FileManager.default.fileExists(atPath: text) || Self.looksLikeFile(text) {
      self = .file(text)
    } else {
      return nil
    }
  }

  /// Whether it has a folder or an extension, so that what is wrong with it is that there is no such file.
  private static func looksLikeFile(_ text: String) -> Bool {
    text.contains("/") || (text as NSString).pathExtension.contains(where: \.isLetter)
  }

  /// A file with as many sequences for each of `sequences` holds those of each in order; any other goes for all of them.
  ///
  /// Throws `InputError` if a file cannot be read or holds none.
  func reference(of sequences: SequenceSet) throws -> AttributionReference {
    switch self {
    case .fixed(let reference): return reference
    case .frequencies:
      var counts = [0, 0, 0, 0]
      for code in sequences.codes where code < 4 { counts[Int(code)] += 1 }
      let total = counts.reduce(0, +)
      return .frequencies(counts.map { total > 0 ? Float(Double($0) / Double(total)) : 0.25 })
    case .file(let path):
      let references = try SequenceSet(contentsOf: path)
      guard references.count > 0 else { throw InputError(file: path, "has no sequences") }
      let (copies, rest) = references.count.quotientAndRemainder(dividingBy: max(1, sequences.count))
      return rest == 0 && copies > 0 ? .given(references, copies: copies) : .shared(references)
    }
  }
}
