import NeuralNetworks
import Runtime
import Sequences
import TestSupport
import Testing

/// Counts that are the sums of a profile, for which tables need no columns.
@Suite struct SumTests {
  private func profiles(_ values: [Float], width: Int) throws -> DataSet {
    let count = values.count / width
    let names = (1...width).map { "ATAC.\($0)" }
    return try DataSet(
      SequenceSet(codes: [UInt8](repeating: 0, count: count), starts: Array(0...count)),
      targets: Targets(outputs: width, values: values),
      objective: Objective(loss: .multinomial, columns: names, outputs: names))
  }

  @Test func sumsFollowTheirProfile() throws {
    let set = try profiles([1, 2, 3, 0, 0, 5, 7, 0, .nan], width: 3).withCounts()
    #expect(set.objective.outputs == ["ATAC.1", "ATAC.2", "ATAC.3", "ATAC.sum"])
    #expect(set.objective.heads[1].sumOf == "profile")
    #expect(Array(set.targets.values[..<8]) == [1, 2, 3, 6, 0, 0, 5, 5])
    #expect(set.targets.values[11].isNaN)
    #expect(throws: InputError.self) { try set.withCounts() }
  }

  /// With tracks side by side each has its sum; a table that is read needs the profile's columns alone.
  @Test func eachTrackHasItsSum() throws {
    let objective = Objective(
      heads: [
        Head("profile", loss: .multinomial, outputs: ["a", "b", "c", "d"]),
        Head("counts", loss: .meanSquaredLogError, outputs: ["first", "second"], sumOf: "profile"),
      ], columns: ["a", "b", "c", "d", "first", "second"])
    try withTemporaryDirectory { folder in
      let path = folder + "/table.tsv"
      try AtomicFile.write("seq\td\tc\tb\ta\nACGT\t4\t3\t2\t1\nTTTT\t8\t0\t1\t1\n", to: path)
      let set = try objective.read(path: path, length: 4)
      #expect(set.targets.values == [1, 2, 3, 4, 4, 6, 1, 1, 0, 8, 1, 9])
      #expect(set.objective == objective)
    }
  }
}
