import Foundation
import MotifKit
import Testing

/// marginalize, ablate, space and design, on a network that was trained to find GATTACA.
@Suite struct ExperimentCommandTests {
  @Test func marginalizeShowsWhatTheNetworkLearned() throws {
    try TrainedToy.run { motifkit in
      let arguments = [
        "marginalize", "m", "--site", "GATTACA", "--site", "GCTTCCA", "--count", "60", "--quiet",
      ]
      let result = try motifkit.run(arguments + ["--out", "out"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      let found = rows(try motifkit.read("out/marginalize.tsv"))
      #expect(found.map { $0["site"] } == ["GATTACA", "GCTTCCA"])
      for row in found {
        #expect(row["sequences"] == "60" && row["start"] == "37" && row["end"] == "44")
        let (effect, low, high) = try (
          row.number("effect"), row.number("effect_low"), row.number("effect_high")
        )
        #expect(low <= effect && effect <= high)
        #expect(try abs(row.number("after") - row.number("before") - effect) < 1e-4)
      }
      #expect(try found[0].number("effect_low") > found[1].number("effect_high"))
      #expect(try found[0].number("p_value") < 1e-10)
      #expect(
        try motifkit.files().filter { $0.hasPrefix("out/") }
          == ["out/marginalize.png", "out/marginalize.svg", "out/marginalize.tsv", "out/run.json"])
      let again = try motifkit.run(arguments + ["--out", "again", "--threads", "1"])
      #expect(again.output == result.output)
      #expect(try motifkit.bytes("again/marginalize.tsv") == motifkit.bytes("out/marginalize.tsv"))
      // By attributions, and everywhere.
      let places = try motifkit(
        "marginalize", "m", "--site", "GATTACA", "--count", "20", "--at", "all", "--method",
        "input-x-gradient", "--out", "all", "--quiet")
      #expect(places.status == 0, "\(places.errors)")
      let everywhere = rows(try motifkit.read("all/marginalize.tsv"))
      #expect(everywhere.compactMap { $0["start"].flatMap(Int.init) } == Array(0...73))
      #expect(try everywhere.allSatisfy { try $0.number("effect") > 0 })
    }
  }

  @Test func ablateShowsWhatItNeeds() throws {
    try TrainedToy.run { motifkit in
      try motifkit.write(TrainedToy.fasta(40, seed: 8), to: "p.fa")
      try motifkit.write("MEME version 4\n\nALPHABET= ACGT\n\nMOTIF site\n\(Self.matrix)", to: "site.meme")
      let result = try motifkit(
        "ablate", "m", "p.fa", "--motif", "site.meme", "--best", "--out", "out", "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      let found = rows(try motifkit.read("out/ablate.tsv"))
      #expect(found.count == 1 && found[0]["site"] == "site" && found[0]["sequences"] == "40")
      let (loss, elsewhere) = try (found[0].number("loss"), found[0].number("elsewhere"))
      #expect(loss > 1 && abs(elsewhere) < loss / 4)
      #expect(try found[0].number("necessity_low") > 0)
      #expect(try abs(found[0].number("before") - found[0].number("after") - loss) < 1e-4)
      // One sequence has no interval.
      let single = try motifkit(
        "ablate", "m", "p.fa", "--motif", "site.meme", "--best", "--limit", "1", "--out", "single", "--quiet")
      #expect(single.status == 0, "\(single.errors)")
      let row = rows(try motifkit.read("single/ablate.tsv"))[0]
      #expect(
        row["loss"] != "" && row["loss_low"] == "" && row["necessity_high"] == "" && row["p_value"] == "")
      // A region that holds none of the sites.
      let region = try motifkit(
        "ablate", "m", "p.fa", "--region", "0-10", "--replace", "unknown", "--out", "region", "--quiet")
      #expect(region.status == 0, "\(region.errors)")
      #expect(try abs(rows(try motifkit.read("region/ablate.tsv"))[0].number("loss")) < loss / 4)
      let outside = try motifkit("ablate", "m", "p.fa", "--region", "70-90", "--out", "none")
      #expect(outside.status == 2 && !outside.errors.isEmpty)
      #expect(try !motifkit.files().contains { $0.hasPrefix("none") })
    }
  }

  /// The largest value of a filter counts, so two sites are no better than one.
  @Test func spaceShowsThatSitesDoNotAddUp() throws {
    try TrainedToy.run { motifkit in
      let result = try motifkit(
        "space", "m", "--site", "GATTACA", "--site", "GATTACA", "--distances", "2,20", "--single-strand",
        "--count", "50", "--out", "out", "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      let found = rows(try motifkit.read("out/space.tsv"))
      #expect(found.map { $0["distance"] } == ["2", "20"] && found.allSatisfy { $0["strands"] == "++" })
      for row in found {
        let (effect, first, second) = try (
          row.number("effect"), row.number("first_alone"), row.number("second_alone")
        )
        #expect(first > 1 && second > 1 && effect > 1)
        #expect(try abs(row.number("interaction") - (effect - first - second)) < 1e-4)
        #expect(try row.number("interaction_high") < 0)
      }
      let both = try motifkit(
        "space", "m", "--site", "GATTACA", "--site", "GAT", "--distances", "5", "--both-orders", "--count",
        "10", "--out", "both", "--quiet")
      #expect(both.status == 0)
      #expect(rows(try motifkit.read("both/space.tsv")).count == 8)
      let alone = try motifkit("space", "m", "--site", "GATTACA", "--out", "none")
      #expect(alone.status == 2 && alone.errors.contains("two sites"))
    }
  }

  @Test func designFindsTheSite() throws {
    try TrainedToy.run { motifkit in
      let free = try motifkit("design", "m", "--restarts", "3", "--out", "free", "--quiet")
      #expect(free.status == 0 && free.errors.isEmpty, "\(free.errors)")
      let designs = rows(try motifkit.read("free/design.tsv"))
      #expect(designs.count == 3)
      #expect(try designs.allSatisfy { try $0.number("after") > $0.number("before") })
      #expect(designs.contains { ($0["sequence"] ?? "").contains("ATTAC") })
      let sequences = try SequenceSet(contentsOf: "\(motifkit.folder)/free/design.fa")
      #expect((0..<3).map { Nucleotide.string(sequences[$0]) } == designs.map { $0["sequence"] })
      // What the table says is what the network says.
      let predicted = rows(try motifkit("predict", "m", "free/design.fa").output)
      for (design, row) in zip(designs, predicted) {
        #expect(try abs(design.number("after") - row.number("logit")) < 1e-3)
      }
      // A sequence without the site, of which the first bases stay.
      try motifkit.write(TrainedToy.fasta(2, seed: 9, positive: false), to: "n.fa")
      let kept = try motifkit(
        "design", "m", "n.fa", "--edits", "6", "--beam", "3", "--keep", "0-39", "--out", "kept", "--quiet")
      #expect(kept.status == 0, "\(kept.errors)")
      let before = try SequenceSet(contentsOf: "\(motifkit.folder)/n.fa")
      for (index, row) in rows(try motifkit.read("kept/design.tsv")).enumerated() {
        let codes = try #require(Nucleotide.codes(row["sequence"] ?? ""))
        let edits = zip(codes, before[index]).count { $0 != $1 }
        #expect(codes.prefix(40).elementsEqual(before[index].prefix(40)))
        #expect(try edits <= 6 && Double(edits) == row.number("edits"))
        #expect(try row.number("after") > row.number("before"))
      }
      let unit = try motifkit("design", "m", "--unit", "conv1d:0", "--out", "unit", "--quiet")
      #expect(unit.status == 0, "\(unit.errors)")
      #expect((rows(try motifkit.read("unit/design.tsv"))[0]["sequence"] ?? "").count == 9)
      let wrong = try motifkit("design", "m", "--unit", "conv1d:99", "--out", "none")
      #expect(wrong.status == 2)
      #expect(try !motifkit.files().contains { $0.hasPrefix("none") })
    }
  }

  /// GATTACA, nearly certain.
  static let matrix: String = {
    let lines = TrainedToy.site.map { letter in
      "ACGT".map { $0 == letter ? "0.97" : "0.01" }.joined(separator: " ") + "\n"
    }
    return "letter-probability matrix: alength= 4 w= 7 nsites= 100\n" + lines.joined()
  }()
}
