import ArgumentParser
import Foundation

/// Throws `ValidationError` for a number outside the range of an option, which it states.
func require(_ option: String, _ value: Int?, in range: ClosedRange<Int>) throws {
  guard let value, !range.contains(value) else { return }
  let most = range.upperBound.formatted(.number.locale(Locale(identifier: "en_US")))
  throw ValidationError(
    "\(option) \(value): expected \(range.lowerBound) "
      + (range.upperBound == .max ? "or more" : "to \(most)"))
}

/// `--score -5` as `--score=-5`: the parser takes what begins with a minus for an option.
func joiningNegativeNumbers(_ arguments: some Sequence<String>) -> [String] {
  arguments.reduce(into: []) { joined, word in
    let isNegative = word.hasPrefix("-") && Double(word) != nil
    if isNegative, let option = joined.last, option.hasPrefix("--"), option.count > 2, !option.contains("=") {
      joined[joined.count - 1] = "\(option)=\(word)"
    } else {
      joined.append(word)
    }
  }
}
