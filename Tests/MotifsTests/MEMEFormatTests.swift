import Motifs
import Runtime
import Sequences
import Testing

/// The error that parsing `text` gives, `nil` if it is accepted.
func refusal(_ text: String) -> InputError? {
  do {
    _ = try MotifFile.parse(Array(text.utf8), file: "x.meme")
    return nil
  } catch { return error as? InputError }
}

private let minimal = """
  MEME version 4

  ALPHABET= ACGT

  strands: + -

  Background letter frequencies
  A 0.303 C 0.183 G 0.209 T 0.305

  MOTIF first alternative
  letter-probability matrix: alength= 4 w= 2 nsites= 14 E= 3.2e-035
   0.214286  0.000000  0.000000  0.785714
   0.857143  0.000000  0.071429  0.071428
  URL http://example.org/first

  MOTIF second
  letter-probability matrix: alength= 4 w= 1
  0.25 0.25 0.25 0.25

  """

@Suite struct MEMEFormatTests {
  @Test func minimalFormat() throws {
    let file = try MotifFile.parse(Array(minimal.utf8))
    #expect(file.format == .meme)
    #expect(file.background == Background([0.303, 0.183, 0.209, 0.305]))
    #expect(file.bothStrands)
    #expect(file.motifs.count == 2)
    let first = file.motifs[0]
    #expect(first.identifier == "first")
    #expect(first.name == "alternative")
    #expect(first.sites == 14)
    #expect(first.eValue == 3.2e-35)
    #expect(first.url == "http://example.org/first")
    #expect(first.frequencies.rows[0] == [0.214286, 0, 0, 0.785714])
    #expect(file.motifs[1].name == nil)
    #expect(file.motifs[1].sites == nil)
    #expect(file.motifs[1].frequencies == FrequencyMatrix(rows: [[0.25, 0.25, 0.25, 0.25]]))
  }

  @Test("tabs where the format has spaces") func tabs() throws {
    let file = try MotifFile.parse(Array(minimal.replacing(" ", with: "\t").utf8))
    #expect(try file.motifs == MotifFile.parse(Array(minimal.utf8)).motifs)
  }

  @Test(
    "the text output of MEME 4 and 5, shortened",
    arguments: [
      ("MOTIF  1\twidth =    2  sites =   3  llr = 20  E-value = 1.1e-006", "1", nil as String?),
      ("MOTIF CA MEME-1\twidth =   2  sites =   3  llr = 20  E-value = 1.1e-006", "CA", "MEME-1"),
    ])
  func fullOutput(motifLine: String, identifier: String, name: String?) throws {
    let text = """
      ********************************************************************************
      MEME - Motif discovery tool
      ********************************************************************************
      MEME version 5.5.8 (Release date: Thu May 15 2025)
      PRIMARY SEQUENCES= some.fa
      ALPHABET= ACGT
      Letter frequencies in dataset:
      A 0.3 C 0.2 G 0.2 T 0.3
      Background letter frequencies (from file dataset with add-one prior applied):
      A 0.301 C 0.199 G 0.199 T 0.301
      ********************************************************************************
      \(motifLine)
      ********************************************************************************
      --------------------------------------------------------------------------------
      \tMotif CA MEME-1 Description
      --------------------------------------------------------------------------------
      Simplified        A  :a
      BL   MOTIF CA width=2 seqs=3
      --------------------------------------------------------------------------------
      log-odds matrix: alength= 4 w= 2 n= 50 bayes= 6.6 E= 1.1e-006
        -865   232   -60  -865
         150  -865  -865   -60
      --------------------------------------------------------------------------------
      \tMotif CA MEME-1 position-specific probability matrix
      --------------------------------------------------------------------------------
      letter-probability matrix: alength= 4 w= 2 nsites= 3 E= 1.1e-006
       0.000000  0.666667  0.333333  0.000000
       1.000000  0.000000  0.000000  0.000000
      --------------------------------------------------------------------------------
      SUMMARY OF MOTIFS
      SEQUENCE NAME            COMBINED P-VALUE  MOTIF DIAGRAM

      """
    let file = try MotifFile.parse(Array(text.utf8))
    #expect(file.motifs.count == 1)
    #expect(file.motifs[0].identifier == identifier)
    #expect(file.motifs[0].name == name)
    #expect(file.motifs[0].sites == 3)
    #expect(file.motifs[0].frequencies.rows == [[0, 0.666667, 0.333333, 0], [1, 0, 0, 0]])
    #expect(file.background == Background([0.301, 0.199, 0.199, 0.301]))
  }

  @Test func windowsLineEndsAndByteOrderMark() throws {
    let plain = try MotifFile.parse(Array(minimal.utf8))
    let text = "\u{FEFF}" + minimal.replacing("\n", with: "\r\n")
    #expect(try MotifFile.parse(Array(text.utf8)) == plain)
  }

  @Test func definedDNAAlphabetIsAccepted() throws {
    let definition = """
      ALPHABET "DNA" DNA-LIKE
      A "Adenine" CC0000 ~ T "Thymine" 008000
      C "Cytosine" 0000CC ~ G "Guanine" FFB300
      N "Any base" = ACGT
      U = T
      END ALPHABET
      """
    let text = minimal.replacing("ALPHABET= ACGT", with: definition)
    #expect(try MotifFile.parse(Array(text.utf8)) == MotifFile.parse(Array(minimal.utf8)))
    let methyl = text.replacing("N \"Any base\" = ACGT", with: "m \"5mC\" FF00FF ~ 1 \"G:5mC\" AA00AA")
    #expect(refusal(methyl)?.reason.contains("custom alphabet") == true)
  }

  @Test("round trip without loss of a digit") func roundTrip() throws {
    var random = CounterRandom(seed: 1, purpose: .simulation)
    var motifs: [Motif] = [.foxo1]
    motifs[0].counts = nil
    for index in 0..<20 {
      let rows = (0..<random.below(20) + 1).map { _ -> [Double] in
        let raw = (0..<4).map { _ in random.uniform() }
        let sum = raw.reduce(0, +)
        return raw.map { $0 / sum }
      }
      motifs.append(
        Motif(
          identifier: "motif\(index)", name: index % 2 == 0 ? "name\(index)" : nil,
          frequencies: FrequencyMatrix(rows: rows), sites: index % 3 == 0 ? nil : random.uniform() * 1000,
          eValue: index % 5 == 0 ? 1e-300 * random.uniform() : nil,
          url: index % 4 == 0 ? "https://example.org/\(index)?a=1" : nil))
    }
    let file = MotifFile(
      motifs: motifs, background: Background([0.3, 0.2, 0.2, 0.3]), bothStrands: false)
    let again = try MotifFile.parse(Array(file.text.utf8))
    #expect(again == file)
    #expect(again.text == file.text)
  }

  @Test func namesStayOneWord() throws {
    let motif = Motif(
      identifier: "a motif", name: "two words", frequencies: Motif.foxo1.frequencies, url: "http://x\ny")
    let file = try MotifFile.parse(Array(MotifFile(motifs: [motif]).text.utf8))
    #expect(file.motifs[0].identifier == "a_motif")
    #expect(file.motifs[0].name == "two_words")
    #expect(file.motifs[0].url == "http://x y")
  }

  /// (replace, by, line that is blamed, part of the reason)
  @Test(
    "what is refused, and where",
    arguments: [
      ("MEME version 4", "MEME version", 1, "no number"),
      ("MEME version 4", "MEME version 2.2", 1, "older than 3"),
      ("ALPHABET= ACGT", "ALPHABET= ACDEFGHIKLMNPQRSTVWY", 3, "protein"),
      ("ALPHABET= ACGT", "ALPHABET= ABC", 3, "only DNA (ACGT) and RNA"),
      ("ALPHABET= ACGT", "ALPHABET \"odd\"", 3, "END ALPHABET"),
      ("A 0.303 C", "A 0.603 C", 8, "sum to 1.3, not to 1 (within 0.1)"),
      ("A 0.303 C", "A x C", 8, "no frequency follows 'A'"),
      ("A 0.303 C 0.183 G 0.209 T 0.305", "", 7, "no frequency of each"),
      ("MOTIF first alternative", "MOTIF", 10, "no name"),
      ("MOTIF first alternative", "", 11, "without a MOTIF line"),
      ("alength= 4 w= 2", "alength= 20 w= 2", 11, "alength is 20"),
      ("w= 2 nsites", "w= 3 nsites", 13, "'w= 3' promises 3"),
      ("w= 2 nsites", "w= 1 nsites", 13, "more rows follow"),
      ("w= 2 nsites", "w= 99999999999999999999 nsites", 11, "no width"),
      ("w= 2 nsites", "w= 4611686018427387904 nsites", 13, "2 rows where"),
      ("w= 2 nsites", "w= -1 nsites", 11, "no width"),
      ("w= 2 nsites= 14", "w= 2 nsites= many", 11, "no number of sites"),
      ("E= 3.2e-035", "E= x", 11, "E is 'x'"),
      ("E= 3.2e-035", "E=", 11, "no value follows 'E='"),
      ("0.214286  0.000000", "0.4  0.000000", 12, "probabilities sum to 1.185714, not to 1"),
      ("0.214286  0.000000", "0.214286", 12, "3 numbers where 4"),
      ("0.214286  0.000000", "0.214286  zero", 12, "'zero' is no probability"),
      ("0.214286  0.000000", "0.214286,  0.000000", 12, "'0.214286,' is no probability"),
      ("0.214286  0.000000", "0.314286  -0.1", 12, "-0.1 is no probability"),
      ("0.214286  0.000000", "nan  0.000000", 12, "'nan' is no probability"),
    ])
  func refused(replace: String, by: String, line: Int, reason: String) throws {
    let text = minimal.replacing(replace, with: by, maxReplacements: 1)
    #expect(text != minimal)
    let error = try #require(refusal(text))
    #expect(error.file == "x.meme")
    #expect(error.line == line, "\(error)")
    #expect(error.reason.contains(reason), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  @Test func nothingToRead() throws {
    #expect(refusal("")?.reason == "is empty; a motif file is expected")
    #expect(refusal("MEME version 4\n")?.reason == "holds no motif")
    #expect(throws: InputError.self) { try Motif.read(path: "/nonexistent/file.meme") }
    #expect(try Motif.read(path: "foxo1") == [.foxo1])
  }
}
