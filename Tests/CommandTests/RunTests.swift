import Foundation
import Testing

/// `motifkit run` on small data: what it writes, and that nothing but `run.json` depends on threads.
@Suite struct RunTests {
  private static let small = [
    "run", "--count", "400", "--length", "60", "--epochs", "1", "--networks", "v2,v3",
  ]

  @Test func studyDoesNotDependOnThreads() throws {
    try withProgram { motifkit in
      let one = try motifkit.run(Self.small + ["--out", "one", "--threads", "1"])
      let two = try motifkit.run(Self.small + ["--out", "two", "--threads", "2"])
      #expect(one.status == 0 && two.status == 0 && one.errors.isEmpty && two.errors.isEmpty)
      #expect(one.output.replacingOccurrences(of: "one/", with: "two/") == two.output)
      let files = try motifkit.files()
      let first = files.filter { $0.hasPrefix("one/") }.map { $0.dropFirst(4) }
      #expect(first == files.filter { $0.hasPrefix("two/") }.map { $0.dropFirst(4) })
      for file in first where file != "run.json" {
        #expect(try motifkit.bytes("one/\(file)") == motifkit.bytes("two/\(file)"), "\(file)")
      }
      for file in [
        "index.html", "run.json", "data/FOXO1_train.csv", "data/FOXO1_test.csv", "data/truth.tsv",
        "models/v2.safetensors", "models/v3.safetensors", "tables/networks.tsv", "tables/learning.tsv",
        "figures/accuracy.svg", "figures/accuracy.png", "figures/accuracy.pdf",
      ] {
        #expect(first.contains { $0 == file }, "\(file)")
      }
      #expect(!files.contains { $0.contains(".tmp") })
      try expectSelfContained(motifkit, "one")
    }
  }

  /// The page needs no other file, and every file and table that it offers is there.
  private func expectSelfContained(_ motifkit: Program, _ folder: String) throws {
    let page = try motifkit.read("\(folder)/index.html")
    for outside in ["src=", "href=\"http", "url(http", "@import", "<link rel=\"stylesheet"] {
      #expect(!page.contains(outside), "\(outside)")
    }
    let ids = matches(page, #" id="([^"]+)""#)
    #expect(Set(ids).count == ids.count && ids.count > 10)
    let anchors = matches(page, ##"href="#([^"]+)""##)
    #expect(anchors.count >= 4 && Set(anchors).isSubset(of: ids))
    let pictures = page.components(separatedBy: "<svg ").dropFirst()
    #expect(pictures.count >= 5)
    for picture in pictures { #expect(picture.prefix(1000).contains("aria-label=\"")) }
    for file in matches(page, #"href="(figures/[^"]+)""#) {
      #expect(FileManager.default.fileExists(atPath: "\(motifkit.folder)/\(folder)/\(file)"), "\(file)")
    }
    let tables = matches(page, #"download="([^"]+)\.tsv" href="data:text/tab-separated-values;base64,"#)
    let contents = matches(page, #"href="data:text/tab-separated-values;base64,([^"]*)""#)
    #expect(tables.count >= 2 && tables.count == contents.count)
    for (table, content) in zip(tables, contents) {
      let data = try #require(Data(base64Encoded: content))
      #expect(try motifkit.bytes("\(folder)/tables/\(table).tsv") == [UInt8](data), "\(table)")
    }
    // Every tag that opens a block is closed: what a template's slip would break first.
    for tag in ["section", "figure", "table", "div", "p", "tr", "td", "ul", "ol", "dl", "details"] {
      #expect(
        matches(page, "<(\(tag))[ >]").count == matches(page, "</(\(tag))>").count, "\(tag)")
    }
    #expect(!page.contains("{{"))
  }

  @Test func foreignFilesAreNotReplaced() throws {
    try withProgram { motifkit in
      try FileManager.default.createDirectory(
        atPath: "\(motifkit.folder)/mine/data", withIntermediateDirectories: true)
      try motifkit.write("precious", to: "mine/data/notes.txt")
      let result = try motifkit.run(Self.small + ["--out", "mine"])
      #expect(
        result
          == .init(
            status: 2, output: "",
            errors:
              "motifkit: mine: holds data, which no run recorded there; choose another folder with --out\n"
          ))
      #expect(try motifkit.files() == ["mine/data/notes.txt"])
    }
  }

  @Test func anOldStudyIsReplacedAndOtherFilesStay() throws {
    try withProgram { motifkit in
      let arguments = Self.small + ["--networks", "v2", "--out", "study"]
      #expect(try motifkit.run(arguments).status == 0)
      try motifkit.write("mine", to: "study/notes.txt")
      try motifkit.write("mine too", to: "study/models/best.safetensors")
      let figures = try motifkit.files().filter { $0.hasPrefix("study/figures/") }
      let page = try motifkit.bytes("study/index.html")
      // A study that fails leaves the old one as it was.
      let failure = try motifkit("run", "--out", "study", "--count", "1")
      #expect(failure.status == 2 && failure.errors == "motifkit: count 1: at least 2 sequences are needed\n")
      #expect(try motifkit.bytes("study/index.html") == page)
      // What the next run does not write again goes, what no run wrote stays, and is never written over.
      #expect(try motifkit.run(Self.small + ["--networks", "v3", "--out", "study"]).status == 0)
      #expect(try motifkit.read("study/notes.txt") == "mine")
      #expect(try motifkit.read("study/models/best.safetensors") == "mine too")
      #expect(try !motifkit.files().contains("study/models/v2.safetensors"))
      #expect(figures.contains("study/figures/network-v2.svg"))
      #expect(try !motifkit.files().contains("study/figures/network-v2.svg"))
      try motifkit.write("mine", to: "study/figures/network-v2.png")
      let clash = try motifkit.run(arguments)
      #expect(
        clash.status == 2
          && clash.errors == "motifkit: study/figures/network-v2.png: is in the way: no run recorded it\n")
      #expect(try motifkit.files().contains("study/models/v3.safetensors"))
      #expect(try !motifkit.files().contains { $0.contains(".tmp") })
    }
  }

  @Test func usersSequences() throws {
    try withProgram { motifkit in
      try motifkit.write(ToyData.training(count: 300), to: "labelled.tsv")
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "activation": "relu"},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "small.json")
      let result = try motifkit(
        "run", "labelled.tsv", "--networks", "small.json", "--epochs", "2", "--out", "study", "--format",
        "json")
      #expect(result.status == 0 && result.errors.isEmpty)
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      let networks = try #require(object?["networks"] as? [[String: Any]])
      #expect(networks.map { $0["name"] as? String } == ["small"])
      #expect(networks[0]["ceiling"] == nil)
      try expectSelfContained(motifkit, "study")
      let record =
        try JSONSerialization.jsonObject(with: Data(motifkit.bytes("study/run.json"))) as? [String: Any]
      let inputs = try #require(record?["inputs"] as? [[String: Any]])
      #expect(inputs.map { $0["path"] as? String } == ["labelled.tsv", "small.json"])
      #expect((inputs[0]["sha256"] as? String)?.count == 64)
      #expect(try motifkit.read("study/data/test.tsv").hasPrefix("name\tsequence\tlabel\nseq"))
      let outputs = try #require(record?["outputs"] as? [String])
      #expect(
        outputs == (try motifkit.files().filter { $0.hasPrefix("study/") }.map { String($0.dropFirst(6)) }))
      // Nobody planted FOXO1 here.
      let page = try motifkit.read("study/index.html")
      #expect(!page.contains("FOXO1") && !page.contains("turned round"))
      #expect(!outputs.contains("tables/matches.tsv") && outputs.contains("tables/audit.tsv"))
    }
  }

  @Test("run and filters say the same of the same filters")
  func filtersAgree() throws {
    try withProgram { motifkit in
      #expect(try motifkit.run(Self.small + ["--seed", "4", "--out", "study"]).status == 0)
      let filters = try motifkit(
        "filters", "study/models/v2.safetensors", "study/data/FOXO1_test.csv", "--seed", "4", "--out",
        "filters")
      #expect(filters.status == 0)
      #expect(try motifkit.read("study/tables/filters.tsv") == motifkit.read("filters/filters.tsv"))
    }
  }

  @Test func whatCannotBeInterpretedIsRefusedBeforeTraining() throws {
    try withProgram { motifkit in
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 4, "kernelSize": 7, "stride": 2},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "strided.json")
      // A training of that many epochs would not end.
      let result = try motifkit(
        "run", "--networks", "v2,strided.json", "--interpret", "strided", "--epochs", "1000000", "--out",
        "study")
      #expect(
        result.errors
          == "motifkit: network strided cannot be interpreted: it does not begin with a plain convolution (stride and dilation 1)\n"
      )
      #expect(result.status == 2)
      #expect(try motifkit.files() == ["strided.json"])
    }
  }

  @Test func anInterruptedStudyLeavesNothing() throws {
    try withProgram { motifkit in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: try #require(Program.path))
      process.arguments = ["run", "--epochs", "3000", "--out", "deep/study", "--quiet"]
      process.currentDirectoryURL = URL(fileURLWithPath: motifkit.folder)
      try process.run()
      let folder = "\(motifkit.folder)/deep/study"
      while process.isRunning,
        (try? FileManager.default.contentsOfDirectory(atPath: folder).isEmpty) ?? true
      { usleep(10_000) }
      process.terminate()
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
      #expect(try FileManager.default.contentsOfDirectory(atPath: motifkit.folder) == [])
    }
  }

  private func matches(_ text: String, _ pattern: String) -> [String] {
    let expression = try! NSRegularExpression(pattern: pattern)
    let whole = text as NSString
    return expression.matches(in: text, range: NSRange(location: 0, length: whole.length)).map {
      whole.substring(with: $0.range(at: $0.numberOfRanges > 1 ? 1 : 0))
    }
  }
}
