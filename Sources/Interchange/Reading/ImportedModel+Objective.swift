import NeuralNetworks

extension ImportedModel {
  /// What the outputs are, as far as their links tell: probabilities, classes, or numbers.
  ///
  /// Outputs keep the other program's names; one of several values numbers them.
  public var objective: Objective {
    let names = outputs.flatMap { output in
      output.range.count == 1 ? [output.name] : output.range.indices.map { "\(output.name)_\($0 - output.range.lowerBound + 1)" }
    }
    let links = Set(outputs.map(\.link))
    if links == [.sigmoid] {
      return names.count == 1 ? .binary : Objective(loss: .binaryCrossEntropy, columns: names, outputs: names)
    }
    if links == [.softmax], outputs.count == 1, names.count > 1 {
      return Objective(loss: .categoricalCrossEntropy, columns: ["class"], outputs: names)
    }
    return Objective(loss: .meanSquaredError, columns: names, outputs: names)
  }
}
