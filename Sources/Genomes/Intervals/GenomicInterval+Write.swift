import Runtime
import Sequences

extension GenomicInterval {
  /// A line of BED6: chromosome, start, end, name, score and strand. A score that is missing is 0.
  public var bed6: String {
    let score = score.map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int64($0))" : "\($0)" } ?? "0"
    return "\(location.chromosome)\t\(location.start)\t\(location.end)\t\(name ?? ".")\t\(score)"
      + "\t\(location.strand.rawValue)\n"
  }
}

extension Collection<GenomicInterval> {
  /// Writes BED6.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  public func writeBED(to path: String) throws {
    try AtomicFile.write(path: path) { file in for interval in self { try file.write(interval.bed6) } }
  }
}
