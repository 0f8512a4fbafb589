import Evaluation
import Figures
import Motifs
import NeuralNetworks
import Sequences
import Statistics
import Study

extension Study {
  /// Pictures of the data, the networks and what they can know of the position.
  var networkPictures: [StudyDrawing] {
    var pictures: [StudyDrawing] = []
    let positives = data.train.frequenciesByPosition(label: 1)
    let site = data.planted.map { $0.model.center..<$0.model.center + $0.motif.width }
    if let planted = data.planted {
      pictures.append(
        StudyDrawing(
          .plantedMotif,
          SequenceLogo(information: planted.motif.frequencies.rows, title: planted.motif.displayName),
          alt: "Sequence logo of the planted motif \(planted.motif.displayName)"))
    }
    let largest = SequenceLogo(information: positives)
    var profile = largest
    profile.range = 0...max(0.1, largest.fittedRange.upperBound)
    profile.highlight = site
    profile.highlightLabel = site == nil ? "" : "planted site"
    profile.title = "Training positives, position by position"
    pictures.append(
      StudyDrawing(
        .positives, profile,
        alt: "Sequence logo over all positions of the training sequences with a site"))
    pictures.append(
      StudyDrawing(
        .accuracy,
        EstimatePlot(
          networks.map { network in
            EstimatePlot.Item(
              network.name, [EstimatePlot.Estimate(network.accuracy)],
              ceiling: network.ceiling?.accuracy.value)
          }, title: "Test accuracy", valueLabel: "accuracy"),
        alt: "Test accuracy of each network with its confidence interval"
          + (ceilings == nil ? "" : " and the best that is possible for it")))
    let histories = networks.map {
      LearningCurves.History(name: $0.name, $0.learning, ceiling: $0.ceiling?.accuracy.value)
    }
    pictures.append(
      StudyDrawing(
        .learningCurves, LearningCurves(histories),
        alt: "Loss and accuracy of each network over the epochs, training and validation"))
    for network in networks {
      pictures.append(
        StudyDrawing(
          .network(network.name), NetworkDiagram(network.network.architecture, title: network.name),
          alt: "Layers of the network \(network.name)"))
    }
    return pictures + [positionPicture, sitePicture].compactMap { $0 }
  }
}

extension Study {
  /// What the networks know of the place: of planted data the accuracy when sites may stand anywhere, of others what the
  /// audit measured.
  private var positionPicture: StudyDrawing? {
    if data.planted != nil {
      return StudyDrawing(
        .position,
        EstimatePlot(
          networks.map { network in
            EstimatePlot.Item(
              network.name,
              [network.accuracy, network.scatteredAccuracy].compactMap { $0 }.map(EstimatePlot.Estimate.init))
          },
          series: ["site in the middle", "site anywhere"],
          title: "Accuracy with and without the position", valueLabel: "accuracy"),
        alt:
          "Accuracy of each network on test sequences as they are and on sequences whose site may stand anywhere"
      )
    }
    let losses = networks.compactMap { network in
      network.audit?.shift.moving.auroc.map { (network.name, $0.difference) }
    }
    guard !losses.isEmpty else { return nil }
    var plot = EstimatePlot(
      losses.map {
        EstimatePlot.Item($0, [EstimatePlot.Estimate($1)], ceiling: AuditOptions().tolerableLoss)
      },
      title: "Cost of moving", valueLabel: "AUROC lost")
    plot.ceilingLabel = "tolerated"
    plot.mark = .point
    return StudyDrawing(
      .position, plot,
      alt: "AUROC that each network loses when the test sequences are moved, with its interval")
  }
}

extension EstimatePlot.Estimate {
  init(_ estimate: Estimate) { self.init(estimate.value, estimate.low...estimate.high) }
}

extension DataSet {
  /// How frequent each base is at each position of the sequences with a label; unknown bases do not count.
  func frequenciesByPosition(label: UInt8) -> [[Double]] {
    guard let length = sequences.uniformLength else { return [] }
    var counts = [[Double]](repeating: [0, 0, 0, 0], count: length)
    for index in 0..<count where labels[index] == label {
      for (position, code) in sequences[index].enumerated() where code < 4 {
        counts[position][Int(code)] += 1
      }
    }
    return counts.map { row in
      let total = row.reduce(0, +)
      return total > 0 ? row.map { $0 / total } : [0.25, 0.25, 0.25, 0.25]
    }
  }
}
