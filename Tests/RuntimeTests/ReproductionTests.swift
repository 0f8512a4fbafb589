import Foundation
import Runtime
import TestSupport
import Testing

@Suite struct ReproductionTests {
  @Test("a recipe names the seed, and not what no result depends on") func recipe() {
    let run = Reproduction(
      arguments: [
        "run", "--out", "my study", "--threads=2", "--quiet", "it's.fa", "--count", "400", "--format", "json",
        "--",
        "--out",
      ], seed: 7)
    #expect(run.recipe == "motifkit run --seed 7 'it'\\''s.fa' --count 400 -- --out")
    #expect(Reproduction(arguments: ["run", "--seed", "3"], seed: 3).recipe == "motifkit run --seed 3")
    #expect(Reproduction(arguments: ["run", "--seed=3"], seed: 3).recipe == "motifkit run --seed 3")
    #expect(
      Reproduction(arguments: ["audit", "--threads", "4", "--out", "a"], seed: 0).commandLine
        == "motifkit audit --out a")
  }

  @Test("only what a run recorded is replaced") func folders() throws {
    try withTemporaryDirectory { folder in
      let out = "\(folder)/out"
      func fill(_ files: [String], entries: [String] = ["a.tsv", "figures"]) throws {
        try RunRecord.fill(
          out, Reproduction(arguments: ["test"], seed: 1), inputs: [], entries: entries
        ) { stage, _ in
          try OutputFolder.create("\(stage)/figures")
          for file in files { try AtomicFile.write(file, to: "\(stage)/\(file)") }
        }
      }
      func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: out).filter { !$0.hasSuffix("figures") }.sorted()
      }
      try fill(["a.tsv", "figures/old.png"])
      #expect(try files() == ["a.tsv", "figures/old.png", "run.json"])
      try AtomicFile.write("mine", to: "\(out)/figures/mine.png")
      try fill(["a.tsv", "figures/new.png"])
      #expect(try files() == ["a.tsv", "figures/mine.png", "figures/new.png", "run.json"])
      #expect(throws: InputError(file: "\(out)/figures/mine.png", "is in the way: no run recorded it")) {
        try fill(["b.tsv", "figures/mine.png"])
      }
      #expect(try files() == ["a.tsv", "figures/mine.png", "figures/new.png", "run.json"])
      #expect(try String(contentsOfFile: "\(out)/figures/mine.png", encoding: .utf8) == "mine")

      // A folder where a file was is found before the work.
      try FileManager.default.removeItem(atPath: "\(out)/figures/new.png")
      try OutputFolder.create("\(out)/figures/new.png")
      #expect(
        throws: InputError(
          file: "\(out)/figures/new.png",
          "is a folder where a run wrote a file; choose another folder with --out")
      ) {
        try RunRecord.fill(
          out, Reproduction(arguments: [], seed: 1), inputs: [], entries: ["figures"]
        ) { _, _ in Issue.record("the work began") }
      }

      // Without a record nothing may be replaced, and nothing is done.
      try FileManager.default.removeItem(atPath: "\(out)/run.json")
      #expect(
        throws: InputError(
          file: out, "holds a.tsv, which no run recorded there; choose another folder with --out")
      ) {
        try RunRecord.fill(
          out, Reproduction(arguments: [], seed: 1), inputs: ["missing"], entries: ["a.tsv"]
        ) { _, _ in Issue.record("the work began") }
      }
    }
  }

  @Test("inputs are hashed before the work") func inputs() throws {
    try withTemporaryDirectory { folder in
      let path = "\(folder)/in.txt"
      try AtomicFile.write("abc", to: path)
      try RunRecord.fill(
        "\(folder)/out", Reproduction(arguments: [], seed: 1), inputs: [path], entries: []
      ) { _, inputs in
        try AtomicFile.write("changed", to: path)
        #expect(try inputs().map(\.bytes) == [3])
      }
      let record = try JSONDecoder().decode(
        RunRecord.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/out/run.json")))
      #expect(
        record.inputs.map(\.sha256) == ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"])
      #expect(record.outputs == ["run.json"])
    }
  }
}

@Suite struct ColumnTests {
  @Test("a table is its rows and columns") func table() {
    let columns = [
      Column<Int>("n", heading: "<i>n</i>") { .integer($0) },
      Column("half") { Table.Cell($0 % 2 == 0 ? Double($0) / 2 : nil, decimals: 1) },
      Column("name") { Table.Cell($0 > 2 ? "a\t\u{1B}b" : nil as String?) },
    ]
    #expect(Table("t", [2, 3], columns: columns).tsv == "n\thalf\tname\n2\t1.0\t\n3\t\ta b\n")
    let shown = columns[0].shown(as: "N") { "<b>\($0)</b>" }
    #expect(shown.name == "n" && shown.heading == "N" && shown.html?(4) == "<b>4</b>")
    #expect(columns[1].heading == "half" && columns[1].html == nil)
    #expect(Table.Cell(scientific: nil) == .missing && Table.Cell(log10Probability: -400).text == "1.00e-400")
  }
}
