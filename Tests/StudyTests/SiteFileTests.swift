import Evaluation
import Foundation
import Runtime
import Sequences
import Study
import TestSupport
import Testing

@Suite struct SiteFileTests {
  /// A sequence that is called as any, one of chr1 on each strand, and one that overlaps the first of these.
  static let sequences = SequenceSet(
    codes: [UInt8](repeating: 0, count: 100), starts: [0, 20, 50, 80, 100],
    names: ["seq1", "chr1:100-130", "peak::chr1:200-230(-)", "chr1:120-140"])

  private func read(_ text: String) throws -> [[MotifSite]] {
    try withTemporaryDirectory { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/sites"))
      do { return try SiteFile.read(folder + "/sites", of: Self.sequences) } catch let error as InputError {
        throw InputError(file: "sites", line: error.line, error.reason)
      }
    }
  }

  @Test("by the sequence's name, and by the place in the genome as the window's strand reads it") func bed()
    throws
  {
    let sites = try read(
      """
      track name=sites
      seq1\t3\t9\ta\t0\t-
      chr1\t110\t116\tb\t0\t+
      chr1\t204\t210\tc\t0\t+
      chr1\t204\t210\td\t0\t-
      chr1\t125\t133\te\t0\t.
      chr2\t110\t116\tf\t0\t+

      """)
    #expect(sites[0] == [MotifSite(3..<9, isReverse: true)])
    // What reaches beyond the window is cut off.
    #expect(sites[1] == [MotifSite(10..<16), MotifSite(25..<30)])
    // Base 204 is the 26th of a window that is read from base 229 down.
    #expect(sites[2] == [MotifSite(20..<26, isReverse: true), MotifSite(20..<26)])
    #expect(sites[3] == [MotifSite(5..<13)])
  }

  @Test("FIMO's columns in any order, counted from 1") func hits() throws {
    let sites = try read(
      """
      motif_id\tstrand\tsequence_name\tstart\tstop\tscore
      m\t-\tseq1\t5\t12\t9.5
      # a remark
      m\t+\tchr1:100-130\t1\t8\t9
      m\t+\telsewhere\t1\t8\t9
      m\t+\tseq1\t18\t25\t9

      """.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(
      sites == [
        [MotifSite(4..<12, isReverse: true), MotifSite(17..<20)], [MotifSite(0..<8)], [], [],
      ])
  }

  @Test(arguments: [
    ("", "sites: is empty"),
    (
      "motif_id\tsequence_name\tstart\tstop\nm\tseq1\t1\t2\n",
      "sites: line 1: expected the columns sequence_name, start, stop and strand"
    ),
    (
      "motif_id\tsequence_name\tstart\tstop\tstrand\nm\tseq1\t0\t2\t+\n",
      "sites: line 2: expected a site from start to stop, counted from 1"
    ),
    (
      "motif_id\tsequence_name\tstart\tstop\tstrand\nm\tseq1\t9\t2\t+\n",
      "sites: line 2: expected a site from start to stop, counted from 1"
    ),
    (
      "motif_id\tsequence_name\tstart\tstop\tstrand\nm\tseq1\t9\n",
      "sites: line 2: expected a site from start to stop, counted from 1"
    ),
    ("seq1\t9\t2\n", "sites: line 1: the end 2 lies before the start 9"),
    (
      "seq1\t30\t32\nchr7\t1\t5\n", "sites: has no site in any of the sequences, whose names are such as seq1"
    ),
  ])
  func badFiles(text: String, message: String) {
    let error = #expect(throws: InputError.self) { try read(text) }
    #expect(error?.description == message)
  }
}
