import Runtime
import Sequences
import TestSupport
import Testing

/// All sequences with the k-lets of `text` that start as it does, by trying every next letter.
private func legalShuffles(_ text: String, order: Int) -> Set<String> {
  var left = kLets(text, order)
  var found: Set<String> = []
  func extend(_ part: String) {
    if part.count == text.count {
      found.insert(part)
      return
    }
    for letter in "ACGTN" {
      let kLet = String(part.suffix(order - 1)) + String(letter)
      guard let count = left[kLet], count > 0 else { continue }
      left[kLet] = count - 1
      extend(part + String(letter))
      left[kLet] = count
    }
  }
  extend(String(text.prefix(order - 1)))
  return found
}

private func kLets(_ text: String, _ order: Int) -> [String: Int] {
  let letters = Array(text)
  guard letters.count >= order else { return [:] }
  return Dictionary(
    (0...letters.count - order).map { (String(letters[$0..<$0 + order]), 1) }, uniquingKeysWith: +)
}

private func shuffles(
  _ text: String, order: Int, method: KLetShuffler.Method = .uniform, count: Int
) throws -> [String: Int] {
  var shuffler = try KLetShuffler(order: order, method: method)
  let codes = try #require(Nucleotide.codes(text))
  var seen: [String: Int] = [:]
  for index in 0..<count {
    var random = CounterRandom(seed: 5, purpose: .shuffle, index: index)
    seen[Nucleotide.string(shuffler.shuffle(codes, using: &random)), default: 0] += 1
  }
  return seen
}

@Suite struct KLetShufflerTests {
  /// The small sequences on which fixed last exits are known to reach 2, 4 and 12 of the legal shuffles.
  @Test(arguments: [
    ("ACGTACATGCA", 2, 21), ("ACTGACGTTACA", 2, 36), ("AACAAGTATGCT", 2, 216), ("ACNNANCAAC", 2, 60),
    ("AACGT", 1, 60), ("ACGACTACGTACAACG", 3, 24),
  ]) func allLegalShufflesAreEquallyLikely(text: String, order: Int, legal: Int) throws {
    let expected = legalShuffles(text, order: order)
    #expect(expected.count == legal)
    let draws = 60 * legal
    let seen = try shuffles(text, order: order, count: draws)
    #expect(Set(seen.keys) == expected)
    let mean = Double(draws) / Double(legal)
    let chi2 = seen.values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
    let freedom = Double(legal - 1)
    // Mean df, variance 2 df; four standard deviations either way.
    #expect(abs(chi2 - freedom) < 4 * (2 * freedom).squareRoot(), "chi² \(chi2), df \(freedom)")
  }

  @Test(arguments: [("ACGTACATGCA", 2), ("ACTGACGTTACA", 4), ("AACAAGTATGCT", 12)])
  func fixedLastExitsReachFew(text: String, reached: Int) throws {
    let seen = try shuffles(text, order: 2, method: .compat, count: 2000)
    #expect(seen.count == reached)
    #expect(Set(seen.keys).isSubset(of: legalShuffles(text, order: 2)))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 9, 28], KLetShuffler.Method.allCases)
  func kLetsAreKept(order: Int, method: KLetShuffler.Method) throws {
    var shuffler = try KLetShuffler(order: order, method: method)
    for index in 0..<40 {
      var random = CounterRandom(seed: 9, purpose: .sampling, epoch: order, index: index)
      // From nothing over pure repeats to random sequences of all five letters.
      let letters = 1 + index % 5
      let codes = (0..<index * 4).map { _ in UInt8(random.below(letters)) }
      let shuffled = shuffler.shuffle(codes, using: &random)
      let before = Nucleotide.string(codes)
      let after = Nucleotide.string(shuffled)
      #expect(kLets(after, order) == kLets(before, order))
      #expect(after.count == before.count)
      if order > 1 {
        #expect(after.prefix(order - 1) == before.prefix(order - 1))
        #expect(after.suffix(order - 1) == before.suffix(order - 1))
      }
    }
  }

  /// What was read once gives the shuffles that are made one by one.
  @Test(arguments: [1, 2, 3, 6]) func manyShufflesOfOneSequence(order: Int) throws {
    var (many, single) = (try KLetShuffler(order: order), try KLetShuffler(order: order))
    for length in [0, 1, 5, 80] {
      var random = CounterRandom(seed: 5, purpose: .sampling, index: length)
      let codes = (0..<length).map { _ in UInt8(random.below(5)) }
      many.read(codes)
      for copy in 0..<4 {
        var (first, second) = (
          CounterRandom(seed: 6, purpose: .shuffle, epoch: copy),
          CounterRandom(seed: 6, purpose: .shuffle, epoch: copy)
        )
        #expect(many.shuffled(codes, using: &first) == single.shuffle(codes, using: &second))
      }
    }
  }

  @Test func orderIsChecked() {
    #expect(throws: InputError("order 0: expected 1 to 28")) { try KLetShuffler(order: 0) }
    #expect(throws: InputError("order 29: expected 1 to 28")) { try KLetShuffler(order: 29) }
  }

  @Test func wholeSets() throws {
    var set = SequenceSet()
    var random = CounterRandom(seed: 2, purpose: .sampling)
    for index in 0..<5000 {
      set.append((0..<20 + index % 7).map { _ in UInt8(random.below(4)) }, name: "s\(index)")
    }
    let shuffled = try set.shuffled(seed: 3)
    #expect(shuffled.starts == set.starts && shuffled.names == set.names)
    #expect(shuffled.codes != set.codes)
    #expect(try shuffled.codes == set.shuffled(seed: 3).codes)
    #expect(try shuffled.codes != set.shuffled(seed: 4).codes)
    #expect(try shuffled.codes != set.shuffled(seed: 3, copy: 1).codes)
    // Sequence 4321 alone gives what it gives in the set.
    var shuffler = try KLetShuffler(order: 2)
    var own = CounterRandom(seed: 3, purpose: .shuffle, index: 4321)
    #expect(shuffler.shuffle(set[4321], using: &own) == Array(shuffled[4321]))
  }
}
