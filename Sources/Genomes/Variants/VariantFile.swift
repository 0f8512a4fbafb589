import CHTSlib
import Foundation
import Runtime

/// The records of a VCF or BCF file in order, plain or packed, through htslib. One thread at a time.
final class VariantFile {
  /// The file as the user named it.
  let path: String
  let header: UnsafeMutablePointer<bcf_hdr_t>
  private let file: UnsafeMutablePointer<htsFile>
  private let isText: Bool
  private(set) var records = 0

  /// - Parameter keepsSamples: whether genotypes are read, as copies of records need them.
  /// - Throws: `InputError` if the file cannot be read or is no VCF or BCF.
  init(path: String, keepsSamples: Bool) throws {
    self.path = path
    // By descriptor: the library would take names like http://… for something to fetch.
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(file: path, "cannot be read: \(systemMessage())") }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw InputError(file: path, "is a folder, not a file")
    }
    hts_set_log_level(HTS_LOG_OFF)
    guard let stream = hdopen(descriptor, "r") else {
      close(descriptor)
      throw InputError(file: path, "cannot be read: \(systemMessage())")
    }
    guard let file = hts_hopen(stream, path, "r") else {
      hclose_abruptly(stream)
      throw Self.unknownFormat(path)
    }
    let format = hts_get_format(file).pointee.format
    guard format == vcf || format == bcf, let header = bcf_hdr_read(file) else {
      hts_close(file)
      switch format {
      case vcf:
        throw InputError(
          file: path,
          "the header is damaged; expected lines with ## and then #CHROM POS ID REF ALT QUAL FILTER INFO")
      case bcf: throw InputError(file: path, "the header is damaged")
      default: throw Self.unknownFormat(path)
      }
    }
    isText = format == vcf
    self.file = file
    self.header = header
    if !keepsSamples { _ = bcf_hdr_set_samples(header, nil, 0) }
  }

  private static func unknownFormat(_ path: String) -> InputError {
    InputError(file: path, "is no VCF or BCF; the first line of VCF begins with ##fileformat=VCF")
  }

  deinit {
    bcf_hdr_destroy(header)
    hts_close(file)
  }

  /// Reads the next record into `record`, as far as its alleles.
  ///
  /// - Returns: `false` at the end of the file.
  /// - Throws: `InputError` naming the line of a record that is damaged.
  func next(into record: UnsafeMutablePointer<bcf1_t>) throws -> Bool {
    let result = bcf_read(file, header, record)
    if result == -1 { return false }
    records += 1
    // What the header does not declare is no fault of the record.
    guard result == 0, record.pointee.errcode & ~(BCF_ERR_CTG_UNDEF | BCF_ERR_TAG_UNDEF) == 0,
      bcf_unpack(record, BCF_UN_STR) == 0, record.pointee.n_allele > 0
    else {
      throw failure("is no record of VCF; expected chromosome, position, name, alleles and what follows")
    }
    if isText, let position = positionText, !position.allSatisfy({ $0.isASCII && $0.isNumber }) {
      throw failure("the position is \"\(position.prefix(20))\"; expected a whole number, 1 or more")
    }
    return true
  }

  /// The position as the file has it; the library takes what begins like a number, and 0 for what does not. It ends the
  /// fields of the line in hand by zeros.
  private var positionText: String? {
    guard let line = file.pointee.line.s else { return nil }
    let start = strlen(line) + 1
    return start < file.pointee.line.l ? String(cString: line + start) : nil
  }

  /// 1-based line, where the file has lines.
  var line: Int? { isText ? Int(file.pointee.lineno) : nil }

  /// How many chromosomes and how many filters and fields the header declares, those that records have added included.
  var declarations: (chromosomes: Int, others: Int) {
    (Int(header.pointee.n.1), Int(header.pointee.n.0))
  }

  func failure(_ reason: String) -> InputError {
    isText
      ? InputError(file: path, line: line, reason) : InputError(file: path, "record \(records): \(reason)")
  }
}
