extension DeepBindFile {
  /// The network for sequences of 1.5 times a detector's width, which DeepBind takes as its window.
  ///
  /// A longer sequence scores as its best window there; `length` overrides it for one window as long as the sequence.
  func graph(length: Int?) -> NetworkGraph {
    var graph = NetworkGraph()
    graph.inputs = [.init(name: "input", length: length ?? width * 3 / 2, channels: 4)]
    // A full convolution, with a quarter of each base beyond the ends and for N.
    graph.unknownBase = 0.25
    graph.add("padding", .padding(left: width - 1, right: width - 1, value: 0.25), ["input"])
    graph.add("detectors", .convolution(.init(kernel: detectors, bias: thresholds)), ["padding"])
    graph.add("rectified", .function(.relu), ["detectors"])
    graph.add("maximum", .globalPooling(.maximum), ["rectified"])
    var pooled = "maximum"
    var weights = weights1
    if hasAverages {
      graph.add("average", .globalPooling(.average), ["rectified"])
      graph.add("features", .concatenation, ["maximum", "average"])
      pooled = "features"
      // Maximum and average of each detector alternate in the file; here all maxima come first.
      let order = (0..<2).flatMap { part in (0..<detectorCount).map { 2 * $0 + part } }
      weights = weights.reordered(axis: 0, order)
    }
    graph.add("dense1", .dense(kernel: weights, bias: biases1), [pooled])
    graph.outputs = ["dense1"]
    if hiddenUnits > 0 {
      graph.add("hidden", .function(.relu), ["dense1"])
      graph.add(
        "dense2", .dense(kernel: Weights(shape: [hiddenUnits, 1], values: weights2), bias: biases2),
        ["hidden"])
      graph.outputs = ["dense2"]
    }
    if scoresBothStrands { graph.strands = .maximum }
    return graph
  }
}
