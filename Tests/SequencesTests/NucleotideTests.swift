import Sequences
import Testing

@Suite struct NucleotideTests {
  /// Many letters at a time have the codes that one at a time has, wherever in a block a letter stands, on every instruction set.
  @Test(arguments: [0, 1, 5, 63, 64, 65, 200]) func encodesManyLetters(_ count: Int) {
    for byte in UInt8.min...UInt8.max {
      for place in Set([0, count / 2, count - 1]) where place >= 0 && place < count {
        var letters = (0..<count).map { Array("ACGTacgt".utf8)[$0 % 8] }
        letters[place] = byte
        for kernels in NucleotideKernels.available {
          var codes = letters
          let areNucleotides = codes.withUnsafeMutableBufferPointer {
            Nucleotide.encode($0, kernels: kernels)
          }
          #expect(codes == letters.map(Nucleotide.code))
          #expect(areNucleotides == (Nucleotide.code(ofASCII: byte) != Nucleotide.invalid))
        }
      }
    }
  }

  @Test func writesManyLetters() {
    let codes = (0..<500).map { UInt8($0 % 6) }
    var text = Array(">".utf8)
    Nucleotide.append(codes[3...], to: &text)
    #expect(text == Array(">".utf8) + codes[3...].map(Nucleotide.letter))
    #expect(Nucleotide.string(codes.lazy.filter { $0 < 5 }.prefix(5)) == "ACGTN")
    Nucleotide.append([], to: &text)
    #expect(text.count == 498)
  }
}
