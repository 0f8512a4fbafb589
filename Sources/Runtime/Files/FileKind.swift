/// What a file seems to be by its first bytes, for messages about files of a kind that is not expected: who swaps two arguments
/// or forgets to convert a file is told so.
package enum FileKind {
  /// `a variant file (VCF)`; `nil` where nothing tells.
  package static func name(of opening: some Collection<UInt8>) -> String? {
    let bytes = Array(opening.prefix(512))
    for (signature, name) in signatures where bytes.starts(with: signature) { return name }
    let text = String(decoding: bytes, as: UTF8.self)
    for (start, name) in starts where text.hasPrefix(start) { return name }
    // The length of a header in JSON, in eight bytes.
    if bytes.count > 8, bytes[4..<8].allSatisfy({ $0 == 0 }), bytes[8] == UInt8(ascii: "{") {
      return "a model (safetensors)"
    }
    let lines = text.split(whereSeparator: \.isNewline)
    if text.hasPrefix("@"), lines.count > 2, lines[2].hasPrefix("+") { return "sequencing reads (FASTQ)" }
    if lines.first?.hasPrefix(">") == true, lines.count > 1,
      lines[1].allSatisfy({ $0.isLetter || $0 == "*" || $0 == "-" })
    {
      return "sequences (FASTA)"
    }
    return text.first { !$0.isWhitespace } == "{" ? "JSON" : nil
  }

  private static let signatures: [([UInt8], String)] = [
    (Array("\u{7F}ELF".utf8), "a program"), ([0x89] + Array("PNG".utf8), "a picture (PNG)"),
    ([0x89] + Array("HDF".utf8), "an HDF5 file"),
    (Array("PK\u{3}\u{4}".utf8), "a ZIP archive, as Excel and NumPy write them"),
    ([0x43, 0x27, 0x41, 0x1A], "a genome (2bit)"), ([0x1A, 0x41, 0x27, 0x43], "a genome (2bit)"),
    ([0x26, 0xFC, 0x8F, 0x88], "a track (bigWig)"), ([0xEB, 0xF2, 0x89, 0x87], "a track (bigBed)"),
    (Array("BAM\u{1}".utf8), "alignments (BAM)"), (Array("CRAM".utf8), "alignments (CRAM)"),
    (Array("BCF\u{2}".utf8), "variants (BCF)"), ([0xFF, 0xFE], "text in UTF-16, not UTF-8"),
    ([0xFE, 0xFF], "text in UTF-16, not UTF-8"), (Array("BZh".utf8), "a bzip2 file, not gzip"),
    ([0xFD] + Array("7zXZ".utf8), "an xz file, not gzip"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file, not gzip"),
  ]

  private static let starts = [
    ("##fileformat=VCF", "variants (VCF)"), ("#CHROM\t", "variants (VCF)"), ("##gff", "annotation (GFF)"),
    ("MEME version", "motifs (MEME)"), ("LOCUS ", "a GenBank record"), ("CLUSTAL", "an alignment (Clustal)"),
    ("@HD\t", "alignments (SAM)"), ("@SQ\t", "alignments (SAM)"), ("%PDF", "a PDF"), ("<", "XML or HTML"),
  ]
}
