/// Explanations of 1,000 sequences by MotifKit, and by PyTorch with captum and tangermeme.
struct AttributionSection {
  var setup: Setup

  static let methods = ["gradient", "integrated-gradients", "mutagenesis", "deepshap", "grad-cam"]
  private static let networks = ["v5", "deepstarr"]

  func run(_ results: inout Results) throws {
    let threads = setup.threadCounts.max()!
    let duel = try setup.duel(["attribution"], threads: threads, &results)
    defer { duel.quit() }
    for network in Self.networks {
      try duel.open("attribution-\(network)")
      for method in Self.methods {
        setup.note("\(method) of \(network)")
        results.measurements += try duel.measure(
          "explain \(method)", rounds: setup.quick ? 1 : 3, section: .attribution,
          item: "\(network), \(method)",
          absent: &results.absent)
      }
    }
  }
}
