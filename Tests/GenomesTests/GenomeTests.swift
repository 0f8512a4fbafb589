import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct GenomeTests {
  static let formats = ["genome.fa", "genome.fa.gz", "genome.2bit", "swapped.2bit"]

  /// bedtools says the same of every stretch, whatever the format.
  @Test(arguments: formats, [false, true]) func readsWhatBedtoolsReads(format: String, ownIndex: Bool) throws
  {
    try withTemporaryDirectory { folder in
      let path = folder + "/" + format
      try FileManager.default.copyItem(atPath: Golden.path(format), toPath: path)
      if !ownIndex {
        for index in [".fai", ".gzi"]
        where FileManager.default.fileExists(atPath: Golden.path(format + index)) {
          try FileManager.default.copyItem(atPath: Golden.path(format + index), toPath: path + index)
        }
      }
      let genome = try Genome(path: path)
      #expect(genome.chromosomes.map(\.name) == ["chr1", "chr2", "chrM"])
      #expect(genome.chromosomes.map(\.length) == [3000, 1801, 240])
      for row in try Golden.table("getfasta.tsv") {
        let location = try #require(GenomicLocation(name: row[0]))
        let codes = try genome.codes(of: location)
        #expect(Nucleotide.string(codes) == row[1].uppercased(), "\(row[0])")
        // Soft masks: bedtools keeps lower case.
        let range = location.start..<location.end
        let masked = try genome.maskedBases(range, ofChromosome: genome.number(of: location.chromosome)!)
        #expect(masked == row[1].utf8.count { $0 >= 97 }, "\(row[0])")
      }
      // The indices made are those of samtools and bgzip.
      for index in [".fai", ".gzi"] where FileManager.default.fileExists(atPath: Golden.path(format + index))
      {
        #expect(
          try [UInt8](Data(contentsOf: URL(fileURLWithPath: path + index))) == Golden.bytes(format + index))
      }
    }
  }

  @Test func linesOfWindows() throws {
    try withTemporaryDirectory { folder in
      let text = try String(contentsOfFile: Golden.path("genome.fa"), encoding: .utf8)
      try Data(text.replacingOccurrences(of: "\n", with: "\r\n").utf8).write(
        to: URL(fileURLWithPath: folder + "/g.fa"))
      let (genome, plain) = (try Genome(path: folder + "/g.fa"), try Genome(path: Golden.path("genome.2bit")))
      for number in 0..<3 {
        for start in [0, 59, 60, 100] {
          let range = start..<plain.chromosomes[number].length
          #expect(
            try genome.codes(range, ofChromosome: number) == plain.codes(range, ofChromosome: number))
        }
      }
    }
  }

  /// Every stretch is the sequence's own, however long lines are and wherever in them it begins and ends.
  @Test(arguments: [1, 2, 31, 32, 33, 60, 64, 65, 200], ["\n", "\r\n"])
  func stretchesOfLines(width: Int, ending: String) throws {
    try withTemporaryDirectory { folder in
      let codes = (0..<230).map { UInt8($0 * $0 / 3 % 5) }
      let letters = Array(Nucleotide.string(codes))
      let lines = stride(from: 0, to: letters.count, by: width).map {
        String(letters[$0..<min($0 + width, letters.count)])
      }
      let path = folder + "/g.fa"
      try Data((">a\(ending)" + lines.joined(separator: ending) + ending).utf8).write(
        to: URL(fileURLWithPath: path))
      let genome = try Genome(path: path)
      for start in [0, 1, 30, 31, 32, 59, 60, 61, 100, 229] {
        for end in start + 1...codes.count {
          #expect(try genome.codes(start..<end, ofChromosome: 0) == Array(codes[start..<end]))
        }
      }
    }
  }

  @Test func piecesAreTheChromosome() throws {
    let genome = try Genome(path: Golden.path("genome.2bit"))
    for overlap in [0, 7] {
      var codes: [UInt8] = []
      try genome.forEachPiece(ofChromosome: 1, length: 100, overlap: overlap) { start, piece in
        #expect(start == (codes.isEmpty ? 0 : codes.count - overlap))
        codes += piece.dropFirst(codes.count - start)
      }
      #expect(codes == (try genome.codes(0..<1801, ofChromosome: 1)))
    }
  }

  @Test func threadsReadAtOnce() throws {
    let genome = try Genome(path: Golden.path("genome.fa.gz"))
    let plain = try Genome(path: Golden.path("genome.fa"))
    let same = try Parallel.tryMap(300, threads: 4) { task in
      let start = task * 37 % 2800
      return try genome.codes(start..<start + 200, ofChromosome: 0)
        == plain.codes(start..<start + 200, ofChromosome: 0)
    }
    #expect(same.allSatisfy { $0 })
  }

  @Test(arguments: [
    (
      ">a\nACGT\nACG\nACGT\n",
      "line 4: the lines of a differ in length, so that no place in it can be found; `seqtk seq -l 60` makes them equal"
    ),
    (
      ">a\nACGT\nACGTA\n",
      "line 3: the lines of a differ in length, so that no place in it can be found; `seqtk seq -l 60` makes them equal"
    ),
    (">a\nAC\n>a\nAC\n", "line 3: a second record with the name a"),
    (">\nAC\n", "line 1: the record has no name"), ("> \t\nAC\n", "line 1: the record has no name"),
    (
      ">a\rACGT\r>b\rACGT\r",
      "line 1: its lines end in carriage returns alone; `tr '\\r' '\\n'` makes them line feeds"
    ),
    (">a\nAC!T\n>b\nA\n", "the letter ! at base 3 of a is no nucleotide"),
    ("chr1\t5\t6\n", "is no genome; expected FASTA (plain or bgzip) or 2bit"), ("", "is empty"),
  ])
  func badFASTA(text: String, reason: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/g.fa"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: InputError.self) {
        let genome = try Genome(path: path)
        _ = try genome.codes(0..<genome.chromosomes[0].length, ofChromosome: 0)
      }
      #expect(error?.description == "\(path): \(reason)")
    }
  }

  @Test(arguments: [
    "a\t8\t3\t4\t5\n", "a\t80\t3\t4\t5\n", "a\t8\t0\t4\t5\n", "a\t9223372036854775807\t3\t1\t3\n",
    "a\t8\t4\t4\t5\n", "a\t8\t3\t5\t5\n", "a\t8\t3\t0\t5\n", "a\t8\n", "", "a\t8\t3\t4\t5\na\t8\t3\t4\t5\n",
  ])
  func indicesThatDoNotFit(index: String) throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/g.fa"
      try Data(">a\nACGT\nACGT\n".utf8).write(to: URL(fileURLWithPath: path))
      try Data(index.utf8).write(to: URL(fileURLWithPath: path + ".fai"))
      let read = { try Genome(path: path).codes(of: GenomicLocation(chromosome: "a", start: 0, end: 8)) }
      if index == "a\t8\t3\t4\t5\n" {
        #expect(try read() == [0, 1, 2, 3, 0, 1, 2, 3])
      } else {
        let error = #expect(throws: InputError.self) { try read() }
        #expect(error?.file == path + ".fai")
      }
    }
  }

  /// An index from before the file grew hides what came later; one that somebody made of some records only is as good.
  @Test func indexOfAFileThatGrew() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/g.fa"
      try Data("> a first\nACGT\n\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try Genome(path: path).chromosomes == [Chromosome(name: "a", length: 4)])
      try Data("> a first\nACGT\n\n>b\nCC\n".utf8).write(to: URL(fileURLWithPath: path))
      func date(_ path: String, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
      }
      try date(path, 2000)
      try date(path + ".fai", 1000)
      let error = #expect(throws: InputError.self) { try Genome(path: path) }
      #expect(
        error?.description
          == "\(path).fai: does not fit \(path) at a; delete it, and it is made again")
      try date(path + ".fai", 3000)
      #expect(try Genome(path: path).chromosomes.map(\.name) == ["a"])
      try FileManager.default.removeItem(atPath: path + ".fai")
      #expect(try Genome(path: path).chromosomes.map(\.name) == ["a", "b"])
      // More of the last record than the index knows of.
      try Data("> a first\nACGT\nACGT\n".utf8).write(to: URL(fileURLWithPath: path))
      try Data("a\t4\t10\t4\t5\n".utf8).write(to: URL(fileURLWithPath: path + ".fai"))
      #expect(throws: InputError.self) { try Genome(path: path) }
    }
  }

  @Test func placesThatAreNot() throws {
    let path = Golden.path("genome.2bit")
    let genome = try Genome(path: path)
    func reason(_ chromosome: String, _ end: Int) -> String? {
      #expect(throws: InputError.self) {
        try genome.codes(of: GenomicLocation(chromosome: chromosome, start: 0, end: end))
      }?.description
    }
    #expect(
      reason("1", 5) == "there is no chromosome 1 in \(path), which calls it chr1; the names must be the same"
    )
    #expect(reason("chr9", 5) == "there is no chromosome chr9 in \(path), which has chr1, chr2, chrM")
    #expect(reason("chrM", 241) == "\(path): chrM:0-241 reaches beyond chrM, which has 240 bases")
  }

  @Test func gzipIsNotBGZip() throws {
    try withTemporaryDirectory { folder in
      let path = folder + "/g.fa.gz"
      // gzip of ">a\nACGT\n"
      let bytes: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 179, 75, 228, 114, 116, 118, 15, 225, 2, 0, 10, 251, 113, 193, 8, 0,
        0, 0,
      ]
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: InputError.self) { try Genome(path: path) }
      #expect(error?.reason.hasPrefix("is packed by gzip") == true)
    }
  }
}
