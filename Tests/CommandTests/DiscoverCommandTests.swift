import Foundation
import MotifKit
import Testing

/// discover, on a network that was trained to find GATTACA.
@Suite struct DiscoverCommandTests {
  @Test func theSiteIsThePattern() throws {
    try TrainedToy.run { motifkit in
      try motifkit.write(TrainedToy.fasta(220, seed: 12), to: "p.fa")
      try motifkit.write(
        "MEME version 4\n\nALPHABET= ACGT\n\nMOTIF known\n\(ExperimentCommandTests.matrix)", to: "known.meme")
      let result = try motifkit(
        "discover", "m", "p.fa", "--references", "5", "--database", "known.meme", "--out", "out", "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
      let patterns = rows(try motifkit.read("out/patterns.tsv"))
      let first = try #require(patterns.first)
      let consensus = first["consensus"] ?? ""
      #expect(["ATTAC", "GTAAT"].contains { consensus.contains($0) }, "\(consensus)")
      #expect(try first.number("seqlets") > 150 && first["match"] == "known")
      #expect(try first.number("contribution") > 0)
      let motifs = try MotifFile.read(path: "\(motifkit.folder)/out/patterns.meme").motifs
      #expect(motifs.count == patterns.count)
      // Most sequences have the site where it was put.
      let planted = TrainedToy.sequences(440, seed: 12).compactMap(\.start)
      let hits = rows(try motifkit.read("out/hits.tsv")).filter { $0["pattern"] == first["pattern"] }
      let right = hits.count { hit in
        guard let number = hit["sequence"].flatMap({ Int($0.dropFirst()) }),
          let start = hit["start"].flatMap(Int.init), let end = hit["end"].flatMap(Int.init)
        else { return false }
        return start <= planted[number] + 2 && planted[number] + 5 <= end
      }
      #expect(right > 180, "\(right) of \(hits.count)")
      for file in ["index.html", "patterns.h5", "families.meme", "hits.bed", "scan.tsv", "run.json"] {
        #expect(try motifkit.files().contains("out/\(file)"), "\(file)")
      }
      // What it wrote, it reads, and finds the same.
      let again = try motifkit(
        "discover", "--sequences", "out/sequences.npz", "--attributions", "out/attributions.npz",
        "--database",
        "known.meme", "--out", "again", "--quiet", "--threads", "1")
      #expect(again.status == 0, "\(again.errors)")
      #expect(try motifkit.bytes("again/patterns.meme") == motifkit.bytes("out/patterns.meme"))
    }
  }

  @Test("why there is no pattern") func nothing() throws {
    try TrainedToy.run { motifkit in
      try motifkit.write(">a\n\(String(repeating: "ACGT", count: TrainedToy.length / 4))\n", to: "one.fa")
      try motifkit.write(TrainedToy.fasta(3, seed: 1), to: "few.fa")
      let nothing = try motifkit("discover", "m", "one.fa", "--out", "nothing")
      #expect(nothing.status == 0 && nothing.errors.contains("0 positive and 0 negative seqlets"))
      let why = "No pattern was found: nothing in the attributions stands out."
      let page = try motifkit.read("nothing/index.html")
      #expect(nothing.errors.contains(why) && page.contains(why))
      let few = try motifkit("discover", "m", "few.fa", "--out", "few")
      #expect(few.status == 0)
      #expect(few.errors.contains("stand out, but too few are alike. More sequences may help.\n"))
    }
  }

  @Test func badArgumentsWriteNothing() throws {
    try TrainedToy.run { motifkit in
      try motifkit.write(TrainedToy.fasta(3, seed: 1), to: "p.fa")
      let target = try motifkit("discover", "m", "p.fa", "--target", "other", "--out", "none")
      #expect(target.status == 2 && target.errors.contains("other"))
      let idle = try motifkit(
        "discover", "--sequences", "a.npz", "--attributions", "b.npz", "--target", "x", "--out", "none")
      #expect(idle.status == 2 && idle.errors.contains("--target"))
      let missing = try motifkit(
        "discover", "--sequences", "a.npz", "--attributions", "b.npz", "--out", "none")
      #expect(missing.status == 2 && missing.errors.contains("a.npz"))
      #expect(try !motifkit.files().contains { $0.hasPrefix("none") })
    }
  }
}
