/// Minimal MEME format, version 4, as MEME's tools and memelite read it.
///
/// Numbers carry every digit that reading them back needs. White space within an identifier or a name becomes
/// an underscore, since the format ends a name there. A site count or an E-value that is not known is left out.
enum MEMEWriter {
  static func text(_ file: MotifFile) -> String {
    let background = file.background ?? .uniform
    let letters = zip("ACGT", background.frequencies).map { "\($0) \(NumberParsing.text($1))" }
    var text = """
      MEME version 4

      ALPHABET= ACGT

      strands: \(file.bothStrands ? "+ -" : "+")

      Background letter frequencies
      \(letters.joined(separator: " "))


      """
    for motif in file.motifs { append(motif, to: &text) }
    return text
  }

  private static func append(_ motif: Motif, to text: inout String) {
    text += "MOTIF \(HeaderLine.word(motif.identifier))"
    if let name = motif.name, !name.isEmpty { text += " \(HeaderLine.word(name))" }
    text += "\nletter-probability matrix: alength= 4 w= \(motif.width)"
    if let sites = motif.sites { text += " nsites= \(NumberParsing.text(sites))" }
    if let eValue = motif.eValue { text += " E= \(NumberParsing.text(eValue))" }
    text += "\n"
    for row in motif.frequencies.rows {
      text += row.map(NumberParsing.text).joined(separator: " ") + "\n"
    }
    if let url = motif.url {
      text += "URL \(url.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
    }
    text += "\n"
  }
}
