import Figures
import Interpretation
import Motifs
import Runtime
import Study

extension LogoTable.Cell {
  /// A filter's logo with its bits and its match.
  init(_ reading: FilterReading, _ filter: Int) {
    guard let motif = reading.trimmed[filter] else {
      self.init([], note: "no motif")
      return
    }
    let match = reading.names[filter].map {
      "\n\($0.best.target.displayName) p = \(Words.plainProbability($0.best.match.pValue))"
    }
    self.init(motif.frequencies.rows, note: Words.bits(reading.information[filter]) + (match ?? ""))
  }
}
