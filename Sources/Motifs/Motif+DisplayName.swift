extension Motif {
  /// What people call it: the name, or of an identifier such as `FOXA1_HUMAN.H11MO.0.A` the gene.
  public var displayName: String {
    if let name { return name }
    let parts = identifier.split(separator: "_", maxSplits: 1)
    let isHOCOMOCO = parts.count == 2 && (parts[1].hasPrefix("HUMAN.H") || parts[1].hasPrefix("MOUSE.H"))
    return isHOCOMOCO ? String(parts[0]) : identifier
  }
}
