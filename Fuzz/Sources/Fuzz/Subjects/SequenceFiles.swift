import MotifKit
import Runtime

extension Subject {
  static let sequenceFiles = [
    Subject("fasta", seeds: { texts(fasta) }) { try take($0) },
    Subject("sequence-table", seeds: { texts(tables) }) { try take($0) },
    Subject("target-table", seeds: { texts(targets) }) { path in
      for (columns, loss) in [(["cell_*"], Loss.binaryCrossEntropy), (["activity"], .meanSquaredError)] {
        do { _ = try DataSource(table: path, columns: columns, loss: loss).read() } catch {
          if columns == ["activity"] { throw error }
        }
      }
    },
    Subject("truth", seeds: { [try bytes { try PlantedTruth.write(["test": sites], to: $0) }] }) {
      _ = try PlantedTruth.read(path: $0, set: "test")
    },
    Subject("background", seeds: { texts(backgrounds) }) { _ = try BackgroundModel(contentsOf: $0) },
  ]

  private static func take(_ path: String) throws {
    let set = try SequenceSet(contentsOf: path)
    // What was accepted can be used.
    _ = set.joined(with: set)
    if set.codes.count < 100_000 { _ = try set.shuffled(order: 2, seed: 0) }
  }

  private static func texts(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  private static let fasta = [
    ">a\nACGTACGTNNACGT\n>b second word\nACGT\nAC\n\nGGTT\n",
    "\n> chr1:5-17(+) x\r\nACGUacguRYSWKM\r\n>\nA.XC\n",
    ">p class:1\nACGT\n>q class:0\nTTTT\n>e class:0\n>r class:1\nAC\n", ">a\rACGT\r>b\rGGTT\r",
  ]
  private static let tables = [
    "FoldID\tEventID\tseq\tBound\nA\tpeak1\tacgtn\t1\nB\tpeak2\tGGRC\t0\n",
    ",0,1,2,3,label\n0,0,1,2,3,1\n1,3,3,3,3,0\n",
    "id,Sequence,Label\n\"peak\n1\",\"ACGTN\",1.0\n\"a \"\"b\"\"\", ggyc ,False\n",
    "name;dna;label\nx;ACGT;1\ny;GG;0\n",
    "chr1\t100\t200\tpeak\t7\t.\t1.5\t-1\t-1\t50\n",
  ]
  private static let targets = [
    "id,seq,cell_a,cell_b,activity\np,ACGT,1,0,0.5\nq,GGNT,NA,1,-3e2\nr,TTTT,0,,1\n",
    "seq\tactivity\tcell_a\nACG\t1.5\t1\nGGG\t\t0\n",
  ]
  private static let backgrounds = ["# order 0\nA 0.3\nC 0.2\nG 0.2\nT 0.3\n"]
  private static let sites = [
    PlantedSite(start: 5, isReverse: false), .none, PlantedSite(start: 17, isReverse: true),
  ]
}
