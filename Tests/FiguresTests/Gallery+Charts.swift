import Figures
import Foundation

extension Gallery {
  static let charts: [Entry] = [
    Entry("learning-one", LearningCurves([Synthetic.history("v2", best: 0.83, ceiling: 0.8443)])),
    Entry("learning-five", LearningCurves(five, title: "Five networks, 10 epochs")),
    Entry("learning-multiples", LearningCurves(five, layout: .smallMultiples)),
    Entry(
      "learning-one-epoch",
      LearningCurves([.init(name: "v1", trainingLoss: [0.61], trainingAccuracy: [0.66])], title: "One epoch")),
    Entry("accuracy", EstimatePlot(five.map(accuracy), title: "Test accuracy", valueLabel: "accuracy")),
    Entry(
      "accuracy-bars",
      EstimatePlot(
        five.map(twoEstimates), series: ["accuracy", "AUROC"], valueLabel: "value", range: 0...1, mark: .bar)),
    Entry(
      "methods",
      EstimatePlot(
        methods, series: ["planted site found", "whole sequence"], title: "Methods against the planted truth",
        valueLabel: "mean AUPRC over 1,000 sequences", direction: .rightwards)),
    Entry(
      "estimates-60", EstimatePlot((0..<60).map(influence), valueLabel: "influence", direction: .rightwards)),
    Entry(
      "paired",
      PairedPlot(
        pairs, title: "Centred and jittered sites", beforeLabel: "centred", afterLabel: "jittered",
        valueLabel: "accuracy")),
    Entry("paired-many", PairedPlot((0..<300).map(pair), valueLabel: "logit")),
    Entry("profile", profile),
    Entry("roc", roc),
    Entry("precision-recall", precisionRecall),
    Entry("histogram", histogram),
    Entry("histogram-one-value", Histogram([.init("", [3])], xLabel: "score")),
  ]

  private static let ceilings = [0.8443, 0.8443, 0.8817, 0.9141, 0.9408]
  private static let accuracies = [0.8, 0.84, 0.88, 0.91, 0.934]

  static let five: [LearningCurves.History] = (0..<5).map { i in
    Synthetic.history("v\(i + 1)", best: accuracies[i], ceiling: ceilings[i], seed: UInt64(i))
  }

  private static func accuracy(_ history: LearningCurves.History) -> EstimatePlot.Item {
    let value = history.validationAccuracy.last!
    return .init(history.name, [.init(value, value - 0.008...value + 0.008)], ceiling: history.ceiling)
  }

  private static func twoEstimates(_ history: LearningCurves.History) -> EstimatePlot.Item {
    .init(history.name, [.init(history.validationAccuracy.last!, 0.75...0.9), .init(0.95)])
  }

  private static let methods: [EstimatePlot.Item] = [
    "gradient", "input × gradient", "integrated gradients", "DeepSHAP with 20 dinucleotide shuffles",
    "in silico mutagenesis", "Grad-CAM",
  ].enumerated().map { i, name in
    let value = 0.6 + 0.05 * Double(i)
    return .init(name, [.init(value, value - 0.03...value + 0.03), .init(0.55)])
  }

  private static func influence(_ i: Int) -> EstimatePlot.Item {
    let value = sin(Double(i)) / 10
    return .init("filter \(i)", [.init(value, value - 0.02...value + 0.02)])
  }

  private static let pairs: [PairedPlot.Item] = (0..<5).map { i in
    .init("v\(i + 1)", before: accuracies[i], after: [0.797, 0.841, 0.84, 0.838, 0.82][i])
  }

  private static func pair(_ i: Int) -> PairedPlot.Item {
    .init("s\(i)", before: sin(Double(i)) + 1, after: cos(Double(i) * 3) * 0.5 + 1)
  }

  static let profile: LinePlot = {
    let x = (1...100).map { Double($0) }
    let mean = x.map { 0.05 + 0.6 * exp(-pow(($0 - 50.5) / 5, 2)) }
    let flat = x.map { 0.05 + 0.01 * sin($0) }
    var plot = LinePlot(
      title: "Mean attribution by position",
      series: [
        .init(
          "with site", x: x, y: mean,
          interval: .init(low: mean.map { $0 * 0.85 - 0.01 }, high: mean.map { $0 * 1.15 + 0.01 })),
        .init(
          "random", x: x, y: flat, interval: .init(low: flat.map { $0 - 0.02 }, high: flat.map { $0 + 0.02 })),
      ], xLabel: "position", yLabel: "mean |attribution|", xRange: 1...100)
    plot.bands = [.init(x: 44.5...56.5, label: "planted site")]
    return plot
  }()

  private static let roc: LinePlot = {
    let scorers = [("v2, AUROC 0.985", 3.0), ("FOXA1 matrix, 0.962", 2.5), ("CTCF matrix, 0.509", 0.05)]
    let curves = scorers.enumerated().map { i, scorer in
      let (x, y) = Synthetic.roc(scorer.1, seed: UInt64(i))
      return LinePlot.Series(scorer.0, x: x, y: y)
    }
    return LinePlot.roc(curves, title: "FOXA1 peaks")
  }()

  private static let precisionRecall: LinePlot = {
    let recall = (0...100).map { Double($0) / 100 }
    let precision = recall.map { 1 - 0.5 * pow($0, 6) }
    return LinePlot.precisionRecall(
      [.init("v2, AUPRC 0.98", x: recall, y: precision)], positives: 0.5, title: "FOXA1 peaks")
  }()

  static let histogram: Histogram = {
    var random = TestRandom(4)
    let positives = (0..<3000).map { _ in 2 + random.normal() }
    let negatives = (0..<3000).map { _ in -1 + random.normal() }
    return Histogram(
      [.init("with site", positives), .init("random", negatives)], title: "Logits of the test sequences",
      xLabel: "logit", marker: .init(x: 0, label: "threshold"))
  }()
}
