import Foundation

/// What one run found, as Markdown.
struct ResultTables {
  var results: Results

  var markdown: String {
    var parts = [machine]
    for threads in results.measurements.map(\.threads).uniqued.sorted() {
      let suffix = "\(threads) thread\(threads == 1 ? "" : "s")"
      parts += [
        duel(.training, "Training, seconds an epoch of 10,000 × 100 bp, \(suffix)", threads),
        duel(.prediction, "Prediction of 10,000 × 100 bp, seconds, \(suffix)", threads),
        duel(
          .publishedTraining, "Training of larger networks, sequences a second, \(suffix)", threads,
          rate: true),
        duel(
          .publishedPrediction, "Prediction of larger networks, sequences a second, \(suffix)", threads,
          rate: true),
      ].compactMap { $0 }
    }
    parts += [attribution, speedup, peak, start, scaling, comparison, scan, absent].compactMap { $0 }
    return parts.joined(separator: "\n\n") + "\n"
  }

  static func title(_ contender: String) -> String {
    ["jax": "JAX", "torch": "PyTorch", "keras": "Keras", "attribution": "PyTorch, captum, tangermeme"][
      contender] ?? contender
  }

  private var machine: String {
    let m = results.machine
    let versions = results.versions.sorted { $0.key < $1.key }
      .map { "\(Self.title($0.key)) \($0.value)" }.joined(separator: ", ")
    return """
      \(m.date). \(m.processor), \(m.processors) processors, \(m.memoryGB) GB; \(m.system); \(m.swift). \
      motifkit \(m.program); \(versions). Load average \(m.loadBefore) before, \(m.loadAfter) after.
      """
  }

  /// Medians of all contenders, the fastest peer's time over MotifKit's, and the geometric mean of that.
  private func duel(_ section: Measurement.Section, _ title: String, _ threads: Int, rate: Bool = false)
    -> String?
  {
    let measured = results.measurements(section, threads: threads)
    guard !measured.isEmpty else { return nil }
    let items = measured.map(\.item).uniqued
    let contenders = measured.map(\.contender).uniqued
    func find(_ contender: String, _ item: String) -> Measurement? {
      measured.first { $0.contender == contender && $0.item == item }
    }
    var rows = contenders.map { name in
      [Self.title(name)]
        + items.map { item in
          guard let found = find(name, item) else { return "–" }
          return rate ? Self.rate((found.work ?? 1) / found.median) : Self.seconds(found.median)
        }
    }
    let ratios = items.map { item -> Double? in
      guard let ours = find(ourName, item),
        let best = measured.filter({ $0.item == item && $0.contender != ourName }).map(\.median).min()
      else { return nil }
      return best / ours.median
    }
    if ratios.contains(where: { $0 != nil }) {
      rows.append(["**MotifKit over the fastest other**"] + ratios.map { $0.map(Self.ratio) ?? "–" })
    }
    var text = Self.table(title, [""] + items, rows)
    let known = ratios.compactMap { $0 }
    if known.count > 1 {
      text += "\n\nGeometric mean of the ratios: **\(Self.ratio(geometricMean(known)))**."
    }
    let accuracies = contenders.compactMap { name -> String? in
      let values = items.compactMap { find(name, $0)?.accuracy }
      guard !values.isEmpty else { return nil }
      return "\(Self.title(name)) " + values.map { String(format: "%.3f", $0) }.joined(separator: ", ")
    }
    if !accuracies.isEmpty {
      text += "\n\nTest accuracy after these epochs: " + accuracies.joined(separator: "; ") + "."
    }
    return text
  }

  /// A row for each network and method.
  private var attribution: String? {
    let measured = results.measurements.filter { $0.section == .attribution }
    guard let threads = measured.first?.threads else { return nil }
    let rows = measured.map(\.item).uniqued.map { item -> [String] in
      let ours = measured.first { $0.item == item && $0.contender == ourName }
      let other = measured.first { $0.item == item && $0.contender != ourName }
      let ratio = ours.flatMap { ours in other.map { $0.median / ours.median } }
      return [item] + [ours, other].map { $0.map { Self.seconds($0.median) } ?? "–" }
        + [ratio.map(Self.ratio) ?? "–"]
    }
    return Self.table(
      "Explanations of 1,000 sequences (v5: 100 bp, DeepSTARR's shape: 249 bp), seconds, \(threads) threads",
      ["", ourName, "PyTorch, captum or tangermeme", "ratio"], rows)
  }

  private var speedup: String? {
    let one = results.measurements.filter { $0.contender == ourName && $0.threads == 1 }
    let rows = one.compactMap { single -> [String]? in
      guard [.training, .publishedTraining].contains(single.section),
        let two = results.measurements.first(where: {
          $0.contender == ourName && $0.threads == 2 && $0.section == single.section
            && $0.item == single.item
        })
      else { return nil }
      return [
        single.item, Self.seconds(single.median), Self.seconds(two.median),
        Self.ratio(single.median / two.median),
      ]
    }
    guard !rows.isEmpty else { return nil }
    return Self.table(
      "MotifKit, training with one thread and with two", ["network", "1 thread", "2 threads", "ratio"], rows)
  }

  private var peak: String? {
    guard let peak = results.peakGigaflops else { return nil }
    let rows = results.peakShares.map {
      [
        $0.network, "\($0.layer)", $0.shape, String(format: "%.0f", $0.gigaflops),
        String(format: "%.0f %%", 100 * $0.share),
      ]
    }
    return Self.table(
      "Convolutions after the first, forward with activation and pooling, one thread; measured peak "
        + String(format: "%.0f GFLOP/s", peak), ["network", "layer", "convolution", "GFLOP/s", "share"], rows)
  }

  private var start: String? {
    let measured = results.measurements.filter { $0.section == .start }
    guard !measured.isEmpty else { return nil }
    let items = measured.map(\.item).uniqued
    let rows = measured.map(\.contender).uniqued.map { name in
      [Self.title(name)]
        + items.map { item in
          Self.seconds(measured.first { $0.contender == name && $0.item == item }!.median)
        }
    }
    return Self.table(
      "From the start of a process to the end of its first epoch (v2), seconds", [""] + items, rows)
  }

  private var scaling: String? {
    let measured = results.measurements.filter { $0.section == .scaling }
    guard !measured.isEmpty else { return nil }
    let rows = measured.map {
      [
        $0.item, Self.seconds($0.median), Self.microseconds($0.median / ($0.work ?? 1)),
        $0.peakBytes.map { String(format: "%.0f MB", Double($0) / 1e6) } ?? "–",
      ]
    }
    return Self.table(
      "MotifKit, one epoch of v2 on growing sets", ["set", "seconds", "µs a sequence", "most memory"], rows)
  }

  private var comparison: String? {
    let measured = results.measurements.filter { $0.section == .comparison }
    guard !measured.isEmpty else { return nil }
    return Self.table(
      "Motif comparison, whole process, seconds (\(measured[0].threads) threads)", ["", "median", "fastest"],
      measured.map { [Self.title($0.contender), Self.seconds($0.median), Self.seconds($0.minimum)] })
  }

  private var scan: String? {
    let measured = results.measurements.filter { $0.section == .scan }
    guard !measured.isEmpty else { return nil }
    return Self.table(
      "Scanning 20 Mbp with FOXO1 at p ≤ 1e-4, one strand, one thread", ["", "Gbp/s", "hits"],
      measured.map {
        [
          Self.title($0.contender), String(format: "%.2f", ($0.work ?? 0) / $0.median / 1e9),
          $0.hits.map(String.init) ?? "–",
        ]
      })
  }

  private var absent: String? {
    results.absent.isEmpty
      ? nil : "Not measured:\n\n" + results.absent.map { "- \($0)" }.joined(separator: "\n")
  }

  private static func table(_ title: String, _ header: [String], _ rows: [[String]]) -> String {
    let lines = [header, header.enumerated().map { $0.offset == 0 ? "---" : "--:" }] + rows
    return "**\(title)**\n\n"
      + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private static func seconds(_ value: Double) -> String {
    String(format: value < 0.1 ? "%.4f" : value < 10 ? "%.3f" : "%.1f", value)
  }
  private static func microseconds(_ value: Double) -> String { String(format: "%.2f", 1e6 * value) }
  private static func ratio(_ value: Double) -> String { String(format: "%.1f×", value) }
  private static func rate(_ value: Double) -> String { String(format: "%.0f", value) }
}
