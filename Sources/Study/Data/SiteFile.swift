import Evaluation
import Genomes
import Runtime
import Sequences

/// Sites of sequences that a user knows of: BED, or what `motifkit scan` and FIMO print.
public enum SiteFile {
  /// The sites of each sequence. A line's sequence is found by its name; a BED line also by its place in the genome, where names of
  /// sequences carry one (`chr1:100-300`). What lies outside a sequence is cut off.
  ///
  /// - Throws: `InputError` naming the file and line that cannot be read, or if no line fits a sequence.
  public static func read(_ path: String, of sequences: SequenceSet) throws -> [[MotifSite]] {
    let names = Dictionary(
      (0..<sequences.count).map { (sequences.name($0), $0) }, uniquingKeysWith: { first, _ in first })
    var sites = [[MotifSite]](repeating: [], count: sequences.count)
    func add(_ index: Int, _ range: Range<Int>, isReverse: Bool) {
      let inside = range.clamped(to: 0..<sequences[index].count)
      if !inside.isEmpty { sites[index].append(MotifSite(inside, isReverse: isReverse)) }
    }
    if try isHitTable(path) {
      try readHits(path) { name, range, isReverse in
        if let index = names[name] { add(index, range, isReverse: isReverse) }
      }
    } else {
      let places = (0..<sequences.count).compactMap { index in
        GenomicLocation(name: sequences.name(index)).map { (index, $0) }
      }
      let byChromosome = Dictionary(grouping: places, by: { $0.1.chromosome })
      for interval in try IntervalFile.read(path: path).intervals {
        let site = interval.location
        if let index = names[site.chromosome] {
          add(index, site.start..<site.end, isReverse: site.strand == .reverse)
          continue
        }
        for (index, place) in byChromosome[site.chromosome] ?? [] where place.overlaps(site) {
          let isTurned = place.strand == .reverse
          let start = isTurned ? place.end - site.end : site.start - place.start
          add(index, start..<start + site.count, isReverse: (site.strand == .reverse) != isTurned)
        }
      }
    }
    guard sites.contains(where: { !$0.isEmpty }) else {
      throw InputError(
        file: path, "has no site in any of the sequences, whose names are such as \(sequences.name(0))")
    }
    return sites
  }

  private static func isHitTable(_ path: String) throws -> Bool {
    let lines = try LineReader(path: path)
    // The bytes are the reader's.
    return try withExtendedLifetime(lines) {
      guard let first = try lines.next() else { throw InputError(file: path, "is empty") }
      return first.starts(with: "motif_id\t".utf8)
    }
  }

  /// Hits with FIMO's columns, whose positions count from 1 and include the last.
  private static func readHits(_ path: String, _ body: (String, Range<Int>, Bool) -> Void) throws {
    let lines = try LineReader(path: path)
    func cells(_ line: UnsafeRawBufferPointer) -> [Substring] {
      String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
    }
    let header = try lines.next().map(cells) ?? []
    let columns = ["sequence_name", "start", "stop", "strand"].map { name in
      header.firstIndex { $0 == name }
    }
    guard case let found = columns.compactMap({ $0 }), found.count == columns.count else {
      throw InputError(file: path, line: 1, "expected the columns sequence_name, start, stop and strand")
    }
    while let line = try lines.next() {
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let row = cells(line)
      guard row.count > found.max()!, let start = Int(row[found[1]]), let stop = Int(row[found[2]]),
        start > 0,
        stop >= start
      else {
        throw InputError(file: path, line: lines.line, "expected a site from start to stop, counted from 1")
      }
      body(String(row[found[0]]), start - 1..<stop, row[found[3]] == "-")
    }
  }
}
