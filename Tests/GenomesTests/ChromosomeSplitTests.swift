import Foundation
import Genomes
import Runtime
import Sequences
import TestSupport
import Testing

@Suite struct ChromosomeSplitTests {
  let locations = ["chr1", "chr2", "chr3", "chr1", "chr4"].map {
    GenomicLocation(chromosome: $0, start: 0, end: 5)
  }

  private func read(_ text: String) throws -> ChromosomeSplit {
    try withTemporaryDirectory { folder in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/fold_0.json"))
      return try ChromosomeSplit(path: folder + "/fold_0.json")
    }
  }

  @Test func partsByChromosome() throws {
    let file = try read(#"{"test": ["chr1"], "valid": ["chr3"], "train": ["chr2"]}"#)
    let parts = try file.parts(of: locations)
    #expect(parts.train == [1] && parts.validation == [2] && parts.test == [0, 3] && parts.leftOut == [4])
    let rest = try ChromosomeSplit(validation: ["chr4"], test: ["chr2"]).parts(of: locations)
    #expect(rest.train == [0, 2, 3] && rest.validation == [4] && rest.test == [1] && rest.leftOut.isEmpty)
  }

  @Test func splitsThatAreNone() throws {
    #expect(throws: InputError.self) { try read(#"{"test": "chr1"}"#) }
    func reason(_ body: () throws -> Void) -> String? {
      #expect(throws: InputError.self) { try body() }?.reason
    }
    #expect(
      reason { _ = try read(#"{"test": ["chr1"], "valid": ["chr1"], "train": []}"#) }
        == "the chromosome chr1 stands in the split twice")
    #expect(
      reason { _ = try ChromosomeSplit(test: ["1"]).parts(of: locations) }
        == "no sequence lies on the chromosomes for test (1); there are chr1, chr2, chr3, chr4")
    #expect(
      reason { _ = try ChromosomeSplit(test: ["chr1", "chr2", "chr3", "chr4"]).parts(of: locations) }
        == "the split leaves no chromosome for training")
  }
}
