import Motifs
import Runtime
import Sequences
import TestSupport
import Testing

@Suite("Scanning a stream") struct ScanStreamTests {
  @Test("gives the hits of the whole set", arguments: [50, 999, 1 << 22])
  func stream(batch: Int) throws {
    let sequences = [5, 3000, 40, 1, 77, 1999, 12].map { ScanCases.codes($0, seed: UInt64($0)) }
    let motifs = [4, 12, 33].map {
      ScanMotif(
        identifier: "m\($0)", weights: ScanCases.weights(width: $0, seed: 1), threshold: .pValue(0.01),
        step: 0.1)
    }
    let scanner = MotifScanner(motifs)
    let expected = scanner.hits(in: SequenceSet(sequences))
    #expect(expected.count > 100)
    try withTemporaryDirectory { folder in
      let path = folder + "/in.fa"
      // Lower case is upper case; lines of 60.
      let text = sequences.enumerated().map { index, codes in
        let letters = Array(index % 2 == 0 ? Nucleotide.string(codes) : Nucleotide.string(codes).lowercased())
        let lines = stride(from: 0, to: letters.count, by: 60).map {
          String(letters[$0..<min(letters.count, $0 + 60)])
        }
        return ">s\(index) of them\n" + lines.joined(separator: "\n") + "\n"
      }
      try AtomicFile.write(text.joined(), to: path)
      var found: [MotifHit] = []
      let summary = try scanner.scan(SequenceReader(path: path), batch: batch) { hit, name, window in
        #expect(name == "s\(hit.sequence)")
        #expect(
          window.elementsEqual(sequences[hit.sequence][hit.start..<hit.start + motifs[hit.motif].width]))
        found.append(hit)
      }
      #expect(found == expected)
      #expect(summary.sequences == sequences.count)
      #expect(summary.bases == sequences.reduce(0) { $0 + $1.count })
      let windows = motifs.map { motif in
        ScanCases.windows([motif.weights], sequences) { _, _, _ in true }.count
      }
      #expect(summary.windows == windows)
    }
  }
}
