// Reads motif files of any common format and says what is in them; imports the product Motifs alone.
//
//   swift run -c release ReadMotifs [FILE …]
import Motifs

let paths = CommandLine.arguments.dropFirst()
for path in paths.isEmpty ? ["foxo1"] : Array(paths) {
  let file = try MotifFile.named(path)
  for motif in file.motifs {
    let bits = motif.frequencies.informationContent.reduce(0, +)
    let tenths = (bits * 10).rounded() / 10
    print(motif.identifier, motif.frequencies.consensus(), "\(tenths) bits", separator: "\t")
    // One random window in 10,000 scores as much.
    if let score = ScoreDistribution(motif.weights()).score(forPValue: 1e-4) {
      print("", "a site scores \((score * 100).rounded() / 100) or more")
    }
  }
}
