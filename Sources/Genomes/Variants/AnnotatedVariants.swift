import CHTSlib
import Foundation
import Runtime

/// Copies a VCF or BCF file and adds a field to the records' INFO.
///
/// The format follows the name: `.bcf`, `.vcf.gz` (bgzip) or VCF. The file appears whole or not at all.
public final class AnnotatedVariants {
  private let file: VariantFile
  private let reader: VariantReader
  private let output: UnsafeMutablePointer<htsFile>
  private let path: String
  private let field: String
  private let isBinary: Bool
  /// What the written header declares.
  private let declarations: (chromosomes: Int, others: Int)
  /// Records that wait for their annotations.
  private var waiting: [UnsafeMutablePointer<bcf1_t>] = []

  /// Reads `source` against `genome` and writes `path` while `body` hands out annotations.
  ///
  /// - Parameters:
  ///   - field: the name of the INFO field, a string for each alternative allele.
  ///   - description: what it holds.
  /// - Throws: `InputError` if a file cannot be read or written; whatever `body` throws.
  public static func write<Result>(
    _ source: String, genome: Genome, to path: String, field: String, description: String,
    _ body: (AnnotatedVariants) throws -> Result
  ) throws -> Result {
    var result: Result?
    try AtomicFile.replace(path: path) { temporary in
      let file = try AnnotatedVariants(
        source, genome: genome, path: path, temporary: temporary, field: field, description: description)
      do {
        result = try body(file)
      } catch {
        hts_close(file.output)
        throw error
      }
      guard hts_close(file.output) == 0 else { throw file.cannotWrite() }
    }
    return result!
  }

  private init(
    _ source: String, genome: Genome, path: String, temporary: String, field: String, description: String
  ) throws {
    file = try VariantFile(path: source, keepsSamples: true)
    reader = try VariantReader(file, genome: genome)
    (self.path, self.field) = (path, field)
    let name = path.lowercased()
    isBinary = name.hasSuffix(".bcf")
    let mode = isBinary ? "wb" : name.hasSuffix(".gz") ? "wz" : "w"
    guard let output = hts_open(temporary, mode) else {
      throw InputError(file: path, "cannot be written: \(systemMessage())")
    }
    self.output = output
    var lines = ["##INFO=<ID=\(field),Number=.,Type=String,Description=\"\(description)\">"]
    if file.declarations.chromosomes == 0 {
      lines += genome.chromosomes.map { "##contig=<ID=\($0.name),length=\($0.length)>" }
    }
    let isDeclared = lines.allSatisfy { [file] in bcf_hdr_append(file.header, $0) == 0 }
    declarations = file.declarations
    guard isDeclared, bcf_hdr_write(output, file.header) == 0 else {
      hts_close(output)
      throw cannotWrite()
    }
  }

  deinit { waiting.forEach { bcf_destroy($0) } }

  /// What became of the records read so far.
  public var counts: VariantCounts { reader.counts }

  /// The next `count` variants or so; empty at the end of the file.
  ///
  /// - Throws: as `VariantReader.next(_:)`.
  public func next(_ count: Int) throws -> [Variant] {
    var variants: [Variant] = []
    while variants.count < count {
      let alleles = try reader.nextRecord { record in
        if self.isBinary { try self.requireDeclarations() }
        guard let copy = bcf_dup(record) else { throw self.cannotWrite() }
        self.waiting.append(copy)
      }
      guard let alleles else { break }
      variants += alleles
    }
    return variants
  }

  /// Writes the records read since the last call.
  ///
  /// - Parameter annotations: for the number of a record what its field holds; records without one get none.
  public func write(_ annotations: [Int: String]) throws {
    let first = reader.counts.records - waiting.count + 1
    for (offset, record) in waiting.enumerated() {
      if let text = annotations[first + offset] {
        guard
          bcf_update_info(file.header, record, field, text, Int32(text.utf8.count), Int32(BCF_HT_STR)) == 0
        else { throw cannotWrite() }
      }
      guard bcf_write(output, file.header, record) == 0 else { throw cannotWrite() }
    }
    waiting.forEach { bcf_destroy($0) }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Numbers stand for names in BCF, which only the header has.
  private func requireDeclarations() throws {
    let now = file.declarations
    guard now != declarations else { return }
    throw file.failure(
      "the header does not declare \(now.chromosomes > declarations.chromosomes ? "the chromosome" : "all filters and fields")"
        + " of this record, which BCF needs; declare what is missing, or write .vcf.gz")
  }

  private func cannotWrite() -> InputError { InputError(file: path, "cannot be written: \(systemMessage())") }
}
