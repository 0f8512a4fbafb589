import ArgumentParser
import Foundation
import MotifKit
import Runtime

/// `motifkit motifs`.
struct MotifFiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motifs",
    abstract: "Convert, describe, trim and draw the motifs of any motif file.",
    discussion: """
      Reads every supported format, several files as one. With --to or --out it writes them in another format; otherwise it \
      prints a table (width, information content, sites, consensus). --figures draws a logo of each motif.

      Formats: \(MotifFormat.allCases.map(\.rawValue).joined(separator: ", ")); pcm and pwm stand for HOCOMOCO's.

      EXAMPLES:
        motifkit motifs JASPAR2024.meme
        motifkit motifs HOCOMOCO.pcm --to meme --out HOCOMOCO.meme
        motifkit motifs pwms/*.txt --trim 0.25 --to jaspar > trimmed.jaspar
        motifkit motifs filters.meme --only filter3,filter12 --reverse-complement \\
            --figures logos
      """)

  @Argument(help: "Motif files in any supported format, - for standard input, or foxo1.") var files: [String]
  @Option(help: ArgumentHelp("Format to write. (default with --out: meme)", valueName: "format")) var to:
    MotifFormat?
  @Option(help: ArgumentHelp("File to write. (default: standard output)", valueName: "file")) var out: String?
  @Option(
    help: ArgumentHelp("Only these motifs, by identifier or name, comma-separated.", valueName: "names"))
  var only: String?
  @Option(
    help: ArgumentHelp(
      "Leave out end positions of less than this many bits; motifs without an informative position go.",
      valueName: "bits"))
  var trim: Double?
  @Flag(help: "Read the motifs on their other strand.") var reverseComplement = false
  @Flag(help: "Print the table also where motifs are written to a file.") var info = false
  @Option(help: ArgumentHelp("Folder for a logo of each motif, PNG and SVG.", valueName: "folder"))
  var figures: String?
  @OptionGroup var output: FormatOption
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let trim, !(0...2).contains(trim) { throw ValidationError("--trim \(trim): expected 0 to 2 bits") }
    if files.isEmpty { throw ValidationError("name a motif file") }
    if info, to != nil, out == nil {
      throw ValidationError("--info and --to both print: give --out, or leave one of them out")
    }
    if output.isJSON, to != nil, out == nil {
      throw ValidationError("--format json prints the table; --to needs --out beside it")
    }
  }

  func run() throws {
    try requireWritable(out)
    var file = try MotifFile.collect(files)
    try select(&file)
    if let trim {
      let all = file.motifs.count
      file.motifs = file.motifs.compactMap { $0.trimmed(minimumInformation: trim) }
      if file.motifs.count < all {
        common.note("\(all - file.motifs.count) of \(all) motifs have no position of \(trim) bits: left out")
      }
      if file.motifs.isEmpty { throw InputError(file: files[0], "no motif has a position of \(trim) bits") }
    }
    if reverseComplement { file.motifs = file.motifs.map(\.reverseComplement) }
    let table = file.table
    if let figures { try draw(file.motifs, into: figures) }
    if to != nil || out != nil {
      file.format = to ?? .meme
      if let out { try file.write(to: out) } else { try StandardOutput.write(file.text) }
      common.note("\(Words.counted(file.motifs.count, "motif")) written as \(file.format.rawValue)")
    }
    guard info || output.isJSON || (to == nil && out == nil && figures == nil) else { return }
    if output.isJSON {
      try StandardOutput.write(json: ["motifs": table])
    } else {
      try StandardOutput.write(table.tsv)
    }
  }

  private func select(_ file: inout MotifFile) throws {
    guard let only else { return }
    let names = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in names where !file.motifs.contains(where: { $0.identifier == name || $0.name == name }) {
      throw InputError(file: files.count == 1 ? files[0] : nil, "no motif is called \(name)")
    }
    file.motifs = file.motifs.filter { motif in names.contains { $0 == motif.identifier || $0 == motif.name }
    }
  }

  private func draw(_ motifs: [Motif], into folder: String) throws {
    let names = Self.fileNames(motifs)
    let provenance = common.provenance
    let progress = ProgressBar("Drawing", total: motifs.count, unit: "logos", common)
    try OutputFolder.write(folder) { stage in
      let done = Locked(0)
      let drawn = Parallel.map(motifs.count) { (index: Int) in
        Result {
          let logo = SequenceLogo(
            information: motifs[index].frequencies.rows, title: motifs[index].displayName
          ).figure()
          for type in ["png", "svg"] {
            try logo.write(to: "\(stage)/\(names[index]).\(type)", provenance: provenance)
          }
          progress.update(
            done.withLock { count in
              count += 1
              return count
            })
        }
      }
      for result in drawn { try result.get() }
    }
    progress.finish()
  }

  /// Identifiers as file names, each once.
  static func fileNames(_ motifs: [Motif]) -> [String] {
    var taken: [String: Int] = [:]
    return motifs.map { motif in
      var name = String(
        motif.identifier.prefix(100).map { $0.isLetter || $0.isNumber || "._-+".contains($0) ? $0 : "_" })
      if name.hasPrefix(".") { name = "_" + name.dropFirst() }
      // File systems that do not tell case apart see one name.
      let count = (taken[name.lowercased()] ?? 0) + 1
      taken[name.lowercased()] = count
      return count == 1 ? name : "\(name)_\(count)"
    }
  }
}

extension MotifFormat: ExpressibleByArgument {
  /// The format's name; `pcm`, `pfm` and `pwm` stand for HOCOMOCO's.
  public init?(argument: String) {
    switch argument.lowercased() {
    case "pcm", "pfm": self = .hocomocoPCM
    case "pwm": self = .hocomocoPWM
    case "cisbp": self = .cisbp
    case let name: self.init(rawValue: name)
    }
  }
}
