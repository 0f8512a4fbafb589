import Motifs
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct MutationTests {
  @Test("no damaged file crashes a reader, and each refusal says why", arguments: MotifFormat.allCases)
  func mutated(format: MotifFormat) throws {
    var random = CounterRandom(seed: 7, purpose: .simulation)
    let motifs = (0..<3).map { Motif.random(width: 3 + $0, name: "motif\($0)", using: &random) }
    let seeds = [
      MotifFile(format: format, motifs: motifs, background: Background([0.3, 0.2, 0.2, 0.3])),
      MotifFile(format: format, motifs: [.foxo1]),
    ].map { Array($0.text.utf8) }
    var mutator = ByteMutator(seeds: seeds, seed: 3)
    var refused = 0
    for _ in 0..<500 {
      let bytes = mutator.next()
      do {
        let file = try MotifFile.parse(bytes, file: "f")
        #expect(file.motifs.allSatisfy { $0.width > 0 && $0.frequencies.values.allSatisfy(\.isFinite) })
        // What was accepted can be written in any format without a trap.
        for other in MotifFormat.allCases {
          _ = MotifFile(format: other, motifs: file.motifs, background: file.background).text
        }
      } catch {
        let error = try #require(error as? InputError)
        #expect(error.file == "f" && !error.reason.isEmpty)
        refused += 1
      }
    }
    #expect(refused > 50)
  }
}

extension MutationTests {
  @Test("nor damaged files of the layouts that are only read")
  func mutatedLayouts() throws {
    var mutator = ByteMutator(seeds: MotifLayoutTests.layouts.map { Array($0.1.utf8) }, seed: 5)
    for _ in 0..<4000 {
      do {
        let file = try MotifFile.parse(mutator.next(), file: "f")
        #expect(file.motifs.allSatisfy { $0.width > 0 && $0.frequencies.values.allSatisfy(\.isFinite) })
      } catch {
        let error = try #require(error as? InputError)
        #expect(error.file == "f" && !error.reason.isEmpty)
      }
    }
    // An array that ends before its value does.
    let broken =
      "<MEME><motifs><motif name=\"a\"><probabilities><alphabet_array><value letter_id=\"A\"></alphabet_array>1</value>"
    #expect(throws: InputError.self) { try MotifFile.parse(Array(broken.utf8), file: "f") }
  }
}

extension Motif {
  /// A motif of counts: 100 sites drawn from random frequencies.
  static func random(width: Int, name: String, using random: inout CounterRandom) -> Motif {
    let rows = (0..<width).map { _ -> [Double] in
      var counts = [0.0, 0, 0, 0]
      let favourite = random.below(4)
      for _ in 0..<100 { counts[random.uniform() < 0.6 ? favourite : random.below(4)] += 1 }
      return counts
    }
    let counts = CountMatrix(rows: rows)
    return Motif(identifier: name, frequencies: counts.frequencies(), counts: counts, sites: 100)
  }
}
