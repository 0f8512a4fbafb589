import Sequences
import Statistics

/// Writes hits as they are found.
///
/// q-values (Benjamini–Hochberg for each motif, over all its windows, both strands together) are known only when all
/// is scanned: with them, hits wait in a spool whose memory is bounded; without, they go out at once.
public final class HitWriter {
  private let scanner: MotifScanner
  private let format: HitFormat
  private let spool: RecordSpool?
  private let write: ([UInt8]) throws -> Void
  private var tallies: [PValueTally]
  private var line: [UInt8] = []
  private var buffer: [UInt8] = []
  private var isFirst = true
  /// The last hit's sequence and where its name says it lies.
  private var place: (sequence: String, location: GenomicLocation?)?
  /// Hits of each motif so far.
  public private(set) var counts: [Int]

  /// - Parameters:
  ///   - qValues: Whether q-values are written where the format has a place for them.
  ///   - write: Takes the next bytes of the output.
  public convenience init(
    _ scanner: MotifScanner, format: HitFormat, qValues: Bool = true,
    to write: @escaping ([UInt8]) throws -> Void
  ) {
    self.init(scanner, format: format, qValues: qValues, spoolLimit: 1 << 25, to: write)
  }

  /// - Parameter spoolLimit: Bytes of waiting hits in memory.
  package init(
    _ scanner: MotifScanner, format: HitFormat, qValues: Bool, spoolLimit: Int,
    to write: @escaping ([UInt8]) throws -> Void
  ) {
    self.scanner = scanner
    self.format = format
    self.write = write
    spool = qValues && format.hasQValue ? RecordSpool(limit: spoolLimit) : nil
    tallies = Array(repeating: PValueTally(), count: scanner.motifs.count)
    counts = Array(repeating: 0, count: scanner.motifs.count)
    buffer = format.header(scanner)
  }

  /// - Parameters:
  ///   - sequence: The name of the hit's sequence.
  ///   - window: The bases of the hit on the forward strand.
  public func add(_ hit: MotifHit, sequence: String, window: ArraySlice<UInt8>) throws {
    line.removeAll(keepingCapacity: true)
    if format == .bed, place?.sequence != sequence { place = (sequence, GenomicLocation(name: sequence)) }
    let split = format.append(
      hit, of: scanner.motifs[hit.motif], sequence: sequence, location: place?.location, window: window,
      to: &line)
    counts[hit.motif] += 1
    if let spool {
      tallies[hit.motif].add(hit.pValue)
      try spool.append(motif: hit.motif, pValue: hit.pValue, line, split: split)
    } else {
      try put(line[..<split], format.hasQValue ? format.noQValue : "", line[split...])
    }
  }

  /// Writes what is left.
  public func finish(_ summary: ScanSummary) throws {
    let qValues = zip(tallies, summary.windows).map { tally, windows in
      tally.qValues(tests: windows).mapValues { qValue in
        var text: [UInt8] = []
        text.append(significant: qValue)
        return String(decoding: text, as: UTF8.self)
      }
    }
    try spool?.forEach { motif, pValue, before, after in try put(before, qValues[motif][pValue]!, after) }
    buffer.append(format.footer(summary))
    try flush()
  }

  private func put(_ before: ArraySlice<UInt8>, _ qValue: String, _ after: ArraySlice<UInt8>) throws {
    if !isFirst { buffer.append(format.separator) }
    isFirst = false
    buffer.append(contentsOf: before)
    buffer.append(qValue)
    buffer.append(contentsOf: after)
    if buffer.count >= 1 << 16 { try flush() }
  }

  private func flush() throws {
    try write(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}
