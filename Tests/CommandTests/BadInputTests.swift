import Foundation
import MotifKit
import Testing

/// Bad input ends with one line that names file, line and reason, exit status 2, and no output file.
@Suite struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var content = ""
    /// The command; `$` stands for the bad file.
    var arguments: String
    var line: String
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "empty file", arguments: "train --network small.json --train $ --out out.safetensors",
      line: "bad: is empty"),
    Case(
      name: "FASTA without a header", content: "ACGTACGT\nACGT\n", arguments: "shuffle $",
      line: "bad: line 1: a sequence without a header; FASTA starts with a line like >name"),
    Case(
      name: "no nucleotide", content: ">a\nACGTA\n>b\nAC1TA\n", arguments: "predict toy.safetensors $",
      line:
        "bad: line 4: letter \"1\" at column 3 is no nucleotide (A C G T, or N and the other IUPAC letters)"),
    Case(
      name: "different lengths", content: "seq,label\nACGTA,1\nACGT,0\n",
      arguments: "train --network small.json --train $ --out out.safetensors",
      line:
        "bad: line 3: the sequence has 4 bases where the one in line 2 has 5; all must have the same length"),
    Case(
      name: "other length than the network's", content: ">a\nACGTA\n>b\nACGTAA\n",
      arguments: "predict toy.safetensors $",
      line: "bad: line 3: the sequence has 6 bases, but the network takes 5"),
    Case(
      name: "label that is not 0 or 1", content: "seq,label\nACGTA,1\nACGTC,2\n",
      arguments: "evaluate toy.safetensors $", line: "bad: line 3: label \"2\" is not 0 or 1"),
    Case(
      name: "model on standard input", arguments: "predict - toy.csv",
      line: "a model cannot come from standard input; expected the name of a file"),
    Case(
      name: "one class", content: "seq,label\nACGTA,1\nACGTC,1\n",
      arguments: "train --network small.json --train $ --out out.safetensors",
      line: "bad: all 2 labels are 1; both classes are needed"),
    Case(
      name: "no labels", content: ">a\nACGTA\n", arguments: "evaluate toy.safetensors $",
      line: "bad: has no labels; expected a table with a column label or Bound (0 or 1)"),
    Case(
      name: "missing column", content: "name,label\na,1\n", arguments: "evaluate toy.safetensors $",
      line:
        "bad: line 1: no sequence column; expected a column seq or sequence, or columns 0, 1, 2, … of base codes (or FASTA, whose first line starts with >)"
    ),
    Case(
      name: "missing file", arguments: "shuffle nothing.fa",
      line: "nothing.fa: cannot be read: no such file or directory"),
    Case(
      name: "unknown network", arguments: "train --network v9 --train toy.csv --out out.safetensors",
      line:
        "v9: is neither a file nor one of the networks v1, v2, v3, v4, v5, deepbind, deeperbind, zeng2016, basset, deepstarr, deepsea, danq, explainn, bpnet, chrombpnet"
    ),
    Case(
      name: "output folder that is a file", arguments: "simulate --out toy.csv/data",
      line: "toy.csv: is a file, not a folder"),
    Case(
      name: "output file in a folder that is a file",
      arguments: "train --network small.json --train toy.csv --out toy.csv/out.safetensors",
      line: "toy.csv/out.safetensors: cannot be written: toy.csv is no folder"),
    Case(
      name: "frequencies that do not sum to one",
      content: """
        MEME version 4

        ALPHABET= ACGT

        MOTIF one
        letter-probability matrix: alength= 4 w= 2 nsites= 20 E= 0
        0.25 0.25 0.25 0.25
        0.5 0.5 0.5 0.5

        """,
      arguments: "simulate --motif $ --out data",
      line: "bad: line 8: probabilities sum to 2.0, not to 1 (within 0.1)"),
    Case(
      name: "study in a folder that is a file", arguments: "run --count 40 --out toy.csv/study",
      line: "toy.csv: is a file, not a folder"),
    Case(
      name: "study of sequences of different lengths", content: ">a\nACGTACGT\n>b\nACGTACG\n",
      arguments: "run $ --out study",
      line:
        "bad: line 3: the sequence has 7 bases where the one in line 1 has 8; all must have the same length"
        + " (--length N takes N bases from the middle of each)"),
    Case(
      name: "training of a network that does not fit", content: "seq,label\nACGTACGT,1\nACGTACGA,0\n",
      arguments: "train --network v3 --train $ --out m",
      line: "network v3: layer 1 (conv1d): a window of 12 does not fit into 8 positions"),
    Case(
      name: "references that are not there", content: ">a\nACGTA\n",
      arguments: "explain toy.safetensors $ --method deepshap --references no.fa --out e.npz",
      line: "no.fa: cannot be read: no such file or directory"),
    Case(
      name: "study of numbers", content: "seq,activity\nACGTACGT,0.5\nACGTACGA,1.5\n",
      arguments: "run $ --out study",
      line:
        "bad: has no column label or Bound (0 or 1), and other columns (activity); call the labels label, learn other columns with"
        + " train --labels, or take all as positive with --positives"),
    Case(
      name: "study of positives that are none", content: "seq,label\nACGTACGT,1\nACGTACGA,0\n",
      arguments: "run --positives $ --out study",
      line: "bad: has sequences with the label 0 in a file of positives"),
    Case(
      name: "study with a network that does not fit",
      arguments: "run --count 40 --length 20 --networks v5 --out study",
      line: "network v5: layer 4 (conv1d): a window of 6 does not fit into 4 positions"),
    Case(
      name: "study with a database that is none", content: "nothing\n",
      arguments: "run --count 40 --database $ --out study",
      line: "bad: line 1: no motif format is recognized"),
    Case(
      name: "model of another length to compare with",
      arguments: "evaluate toy.safetensors toy.csv --against long.safetensors",
      line: "long.safetensors: takes sequences of 7 bases, but toy.csv has 5"),
    Case(
      name: "a genome that is not there", arguments: "predict toy.safetensors toy.csv --genome hg38.fa",
      line: "hg38.fa: cannot be read: no such file or directory"),
    Case(
      name: "a figure of a kind that is not known",
      arguments:
        "train --network small.json --train toy.csv --out out.safetensors --figure curves.jpg",
      line: "curves.jpg: a figure is written as .png, .svg or .pdf, not .jpg"),
    Case(
      name: "output over the input", arguments: "predict toy.safetensors toy.csv --out ./toy.csv",
      line: "./toy.csv: is read by this command, which cannot write there; choose another file"),
    Case(
      name: "output over one of several inputs",
      arguments: "explain long.safetensors,toy.safetensors toy.csv --method gradient --out=toy.safetensors",
      line: "toy.safetensors: is read by this command, which cannot write there; choose another file"),
    Case(
      name: "two outputs in one file",
      arguments: "train --network small.json --train toy.csv --out new --history ./new",
      line: "./new: is named for two results; choose two files"),
    Case(
      name: "another program's bases of a model of its own",
      arguments: "predict toy.safetensors toy.csv --format-of-bases TGCA",
      line:
        "toy.safetensors: is a model of motifkit: how bases and strands go into it is known, and options for other programs' are not for it"
    ),
    Case(
      name: "output that is a folder", arguments: "predict toy.safetensors toy.csv --out .",
      line: ".: is a folder, not a file"),
    Case(
      name: "network that diverges in its only epoch",
      arguments:
        "train --network small.json --train toy.csv --epochs 1 --learning-rate 9e37 --out out.safetensors",
      line: "what the network gives for seq3 is inf, not a number"),
    Case(
      name: "middle of more bases than there are", content: ">a\nACGTACGT\n>b\nACGTACGA\n",
      arguments: "run $ --length 16777216 --out study",
      line: "bad: sequence a has 8 bases, fewer than the 16777216 asked for"),
    Case(
      name: "length without end", arguments: "run toy.fa --length 9223372036854775807 --out study",
      line: "--length 9223372036854775807: expected 1 to 16,777,216 (see motifkit run --help)"),
    Case(
      name: "steps without end",
      arguments:
        "explain toy.safetensors toy.csv --method integrated-gradients --steps 3000000000 --out a.npz",
      line: "--steps 3000000000: expected 1 to 1,000,000 (see motifkit explain --help)"),
    Case(
      name: "references without end",
      arguments: "explain toy.safetensors toy.csv --method deepshap --references 3000000000 --out a.npz",
      line:
        "--references 3000000000: expected zeros, a number of shuffles, uniform:N, gc:N, frequencies, four numbers that sum to 1, or a file (see motifkit explain --help)"
    ),
    Case(
      name: "edits without end",
      arguments: "design toy.safetensors --edits 9223372036854775807 --out designed",
      line: "--edits 9223372036854775807: expected 1 to 10,000 (see motifkit design --help)"),
    Case(
      name: "number of simulated sequences beside files", arguments: "run toy.fa --count 10 --out study",
      line: "--count is for simulated sequences, not for FILES (see motifkit run --help)"),
    Case(
      name: "no permutations", arguments: "evaluate toy.safetensors toy.csv --permutations 0",
      line: "--permutations 0: expected 1 to 100000000 (see motifkit evaluate --help)"),
    Case(
      name: "unknown option", arguments: "simulate --out data --speed 3",
      line: "unknown option '--speed'; did you mean '--seed'? (see motifkit simulate --help)"),
    Case(
      name: "no command", arguments: "teach", line: "there is no command 'teach' (see motifkit --help)"),
    Case(
      name: "thread count", arguments: "shuffle toy.fa --threads 0",
      line: "--threads 0: expected 1 or more (see motifkit shuffle --help)"),
  ]

  @Test(arguments: cases) func isRefusedInOneLine(_ bad: Case) throws {
    try withToys { motifkit in
      try motifkit.write(bad.content, to: "bad")
      try expectFailure(motifkit, bad.arguments.replacingOccurrences(of: "$", with: "bad"), bad.line)
    }
  }

  @Test func truncatedGzip() throws {
    try withToys { motifkit in
      // gzip.compress(b">a\nACGTA\n>b\nCCCCC\n" * 40, mtime=0)[:-12].hex() in Python
      let hex = Array("1f8b0800000000000203b34be47274760f71e4b24be27206012ebb51915191")
      let bytes = stride(from: 0, to: hex.count, by: 2).map { UInt8(String(hex[$0...$0 + 1]), radix: 16)! }
      try motifkit.write(bytes, to: "bad")
      let result = try motifkit("predict", "toy.safetensors", "bad")
      #expect(result.status == 2 && result.output.isEmpty)
      #expect(result.errors.hasPrefix("motifkit: bad: ") && result.errors.contains("cut short"))
      #expect(result.errors.filter { $0 == "\n" }.count == 1)
    }
  }

  @Test func modelsThatLie() throws {
    try withToys { motifkit in
      let whole = try motifkit.bytes("toy.safetensors")
      try motifkit.write(Array(whole.dropLast(4)), to: "bad")
      try expectFailure(
        motifkit, "predict bad toy.fa",
        "bad: tensor dense.bias lies outside the file: the file is cut short or its header is wrong")
      try motifkit.write(Array(whole.prefix(5)), to: "bad")
      try expectFailure(
        motifkit, "predict bad toy.fa", "bad: not a safetensors file: it has only 5 bytes")
      var lying = whole
      lying.replaceSubrange(0..<8, with: [255, 255, 255, 255, 255, 255, 255, 127])
      try motifkit.write(lying, to: "bad")
      try expectFailure(
        motifkit, "summary bad",
        "bad: not a whole safetensors file: a header of \(Int64.max) bytes in a file of \(whole.count)")
      let shape = Array("\"shape\":[3,4,1]".utf8)
      let offset = try #require(whole.indices.first { whole[$0...].starts(with: shape) })
      lying = whole
      lying.replaceSubrange(offset..<offset + 15, with: Array("\"shape\":[9,4,1]".utf8))
      try motifkit.write(lying, to: "bad")
      try expectFailure(
        motifkit, "evaluate bad toy.csv",
        "bad: tensor conv1d.kernel has 48 bytes, but its shape needs 144")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func fullDisk() throws {
    try withToys { motifkit in
      let reason = "cannot be written: no space left on device"
      try expectFailure(
        motifkit, "train --network small.json --train toy.csv --epochs 1 --out /dev/full",
        "/dev/full: \(reason)")
      #expect(
        try motifkit("shuffle", "toy.fa", output: .file("/dev/full"))
          == .init(status: 2, output: "", errors: "motifkit: standard output: \(reason)\n"))
      #expect(
        try motifkit("--help", output: .file("/dev/full"))
          == .init(status: 2, output: "", errors: "motifkit: standard output: \(reason)\n"))
    }
  }

  @Test func closedPipeEndsQuietly() throws {
    try withToys { motifkit in
      try motifkit.write(String(repeating: ToyData.fasta, count: 5000), to: "many.fa")
      for arguments in [
        ["shuffle", "many.fa"], ["predict", "toy.safetensors", "many.fa"], ["summary", "v5"],
      ] {
        #expect(
          try motifkit.run(arguments, output: .closedPipe) == .init(status: 0, output: "", errors: ""))
      }
    }
  }

  private func withToys(_ body: (Program) throws -> Void) throws {
    try withProgram { motifkit in
      try Model(ToyData.model()).write(to: "\(motifkit.folder)/toy.safetensors")
      try Model(ToyData.model(length: 7)).write(to: "\(motifkit.folder)/long.safetensors")
      try motifkit.write(ToyData.fasta, to: "toy.fa")
      try motifkit.write(ToyData.table, to: "toy.csv")
      try motifkit.write(
        """
        {"layers": [{"type": "convolution1D", "filters": 2, "kernelSize": 3, "activation": "relu"},
          {"type": "globalMaxPooling1D"}, {"type": "dense", "units": 1}]}
        """, to: "small.json")
      try body(motifkit)
    }
  }

  private func expectFailure(_ motifkit: Program, _ arguments: String, _ line: String) throws {
    let before = try motifkit.files()
    let result = try motifkit.run(arguments.split(separator: " ").map(String.init))
    #expect(result == .init(status: 2, output: "", errors: "motifkit: \(line)\n"))
    #expect(try motifkit.files() == before)
  }

  #if os(Linux)
    /// With less and less memory the program says that it is too little, and does not wait for more.
    @Test func littleMemory() throws {
      try withProgram { motifkit in
        let path = try #require(Program.path)
        var said: Set<String> = []
        for megabytes in stride(from: 40, through: 240, by: 8) {
          let process = Process()
          process.executableURL = URL(fileURLWithPath: "/bin/sh")
          process.arguments = [
            "-c",
            "ulimit -v \(megabytes * 1000) && exec timeout 60 \"$0\" motifs foxo1 2>&1 > /dev/null | tail -n 1",
            path,
          ]
          let output = Pipe()
          process.standardOutput = output
          process.currentDirectoryURL = URL(fileURLWithPath: motifkit.folder)
          try process.run()
          said.insert(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
          process.waitUntilExit()
        }
        // An address sanitizer never has enough.
        guard said.contains("") else { return }
        #expect(
          said.contains("motifkit: there is too little memory to start threads (ulimit -v)\n"), "\(said)")
      }
    }
  #endif
}
