extension Motif {
  /// FOXO1 as HOCOMOCO v11 has it: `FOXO1_HUMAN.H11MO.0.A`, 12 positions, 500 sites, 8.63 bits.
  ///
  /// Kulakovskiy et al. 2018, "HOCOMOCO: towards a complete collection of transcription factor binding
  /// models for human and mouse via large-scale ChIP-Seq analysis", Nucleic Acids Research 46, D252–D259.
  public static let foxo1: Motif = {
    let counts = CountMatrix(rows: [
      [93, 80, 130, 197], [48, 155, 128, 169], [30, 226, 127, 117], [20, 239, 85, 156],
      [3, 6, 7, 484], [16, 17, 459, 8], [2, 93, 8, 397], [5, 15, 31, 449],
      [6, 20, 111, 363], [202, 112, 26, 160], [3, 346, 26, 125], [113, 132, 88, 167],
    ])
    return Motif(
      identifier: "FOXO1_HUMAN.H11MO.0.A", name: "FOXO1", frequencies: counts.frequencies(), counts: counts,
      sites: 500)
  }()
}
