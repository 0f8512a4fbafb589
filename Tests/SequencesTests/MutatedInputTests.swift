import Foundation
import Runtime
import Sequences
import TestSupport
import Testing

/// Valid files, changed at random: a reader gives a sound set or one `InputError`, and never anything else.
@Suite struct MutatedInputTests {
  static let valid: [String] = [
    ",0,1,2,3,label\n0,0,1,2,3,1\n1,3,3,3,3,0\n2,0,0,1,2,1\n",
    "FoldID\tEventID\tseq\tBound\nA\tpeak1\tACGTN\t1\r\nB\tpeak2\tGGRC\t0\r\n",
    "id,sequence,label\n\"a \"\"b\"\"\",\"ACGT\",1\nc,GGTT,0\n",
    ">chr1 first\nACGTNNACGT\nACGT\n>chr2\nGG\n\nTT\n",
  ]
  /// Bytes that mean something to one of the formats.
  static let telling = Array("\n\r\t ,\">-+.0123456789ACGTNacgtnX\0\u{7F}".utf8) + [0x1F, 0x8B, 0xEF, 0xFF]

  @Test(arguments: valid.indices) func mutated(_ index: Int) throws {
    let original = Array(Self.valid[index].utf8)
    var random = CounterRandom(seed: 1, purpose: .sampling, index: index)
    var refused = 0
    let rounds = 1500
    try withTemporaryDirectory { folder in
      let path = folder + "/input"
      for round in 0..<rounds {
        var bytes = original
        for _ in 0...random.below(4) { mutate(&bytes, &random) }
        try AtomicFile.write(bytes, to: path)
        do {
          let labeled = try LabeledSequences(contentsOf: path)
          let set = labeled.sequences
          #expect(set.count > 0 && set.codes.allSatisfy { $0 <= 4 }, "round \(round)")
          #expect(labeled.labels.allSatisfy { $0 <= 1 }, "round \(round)")
          #expect((0..<set.count).allSatisfy { !set[$0].isEmpty }, "round \(round)")
        } catch let error as InputError {
          #expect(error.file == path && !"\(error)".contains("\n"), "round \(round): \(error)")
          refused += 1
        }
      }
    }
    #expect(refused > rounds / 10 && refused < rounds)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout CounterRandom) {
    guard !bytes.isEmpty else { return }
    let at = random.below(bytes.count)
    let byte =
      random.below(3) == 0 ? UInt8(random.below(256)) : Self.telling[random.below(Self.telling.count)]
    switch random.below(5) {
    case 0: bytes[at] = byte
    case 1: bytes.insert(byte, at: at)
    case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(6)))
    case 3:
      let from = random.below(bytes.count)
      bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + random.below(20))], at: at)
    default: bytes.removeLast(bytes.count - at)
    }
  }
}
