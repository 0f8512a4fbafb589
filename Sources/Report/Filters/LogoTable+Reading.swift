import Figures
import Interpretation
import Motifs
import Runtime
import Study

extension LogoTable.Cell {
  /// A filter's logo with its bits and its match.
  init(_ reading: FilterReading, _ filter: Int) {
    let motif = reading.motifs[filter]
    guard motif.hasMotif else {
      self.init([], note: "no motif")
      return
    }
    let match = reading.best[filter].map {
      ", \($0.target.displayName) \(Words.plainProbability($0.match.pValue))"
    }
    self.init(motif.frequencies.rows, note: Words.bits(motif.totalInformation) + (match ?? ""))
  }
}
