import NeuralNetworks

extension DeepBindFile {
  /// The network for sequences of 1.5 times a detector's width, which DeepBind takes as its window.
  ///
  /// A longer sequence scores as its best window there; `length` overrides it for one window as long as the sequence.
  ///
  /// Both strands are two positions after pooling; what follows is the same for each, and the better one counts.
  func graph(length: Int?) -> NetworkGraph {
    var graph = NetworkGraph()
    graph.inputs = [.init(name: "input", length: length ?? width * 3 / 2, channels: 4)]
    // A full convolution, with a quarter of each base beyond the ends and for N.
    graph.unknownBase = 0.25
    graph.add("padding", .padding(left: width - 1, right: width - 1, value: 0.25), ["input"])
    graph.add(
      "detectors",
      .convolution(
        .init(kernel: detectors, bias: thresholds, strands: scoresBothStrands ? .concatenation : nil)),
      ["padding"])
    graph.add("rectified", .function(.relu), ["detectors"])
    var tensor = graph.pooled("maximum", .maximum, ofBothStrands: scoresBothStrands)
    var weights = weights1
    if hasAverages {
      let average = graph.pooled("average", .average, ofBothStrands: scoresBothStrands)
      graph.add("features", .concatenation, [tensor, average])
      tensor = "features"
      // Maximum and average of each detector alternate in the file; here all maxima come first.
      let order = (0..<2).flatMap { part in (0..<detectorCount).map { 2 * $0 + part } }
      weights = weights.reordered(axis: 0, order)
    }
    graph.add("dense1", .dense(kernel: weights, bias: biases1), [tensor])
    tensor = "dense1"
    if hiddenUnits > 0 {
      graph.add("hidden", .function(.relu), [tensor])
      graph.add(
        "dense2", .dense(kernel: Weights(shape: [hiddenUnits, 1], values: weights2), bias: biases2),
        ["hidden"])
      tensor = "dense2"
    }
    if scoresBothStrands {
      graph.add("strand", .globalPooling(.maximum), [tensor])
      tensor = "strand"
    }
    graph.outputs = [tensor]
    return graph
  }
}

extension NetworkGraph {
  /// A detector's score over all positions; of both strands as two positions.
  fileprivate mutating func pooled(_ name: String, _ reduction: Operation.Reduction, ofBothStrands: Bool) -> String {
    add(name, .globalPooling(reduction), ["rectified"])
    guard ofBothStrands else { return name }
    add(name + ":strands", .separate(length: 2, channelsFirst: false), [name])
    return name + ":strands"
  }
}
